"""The parts behind `xblocks.governance_block`: the questionnaire as a page, forms, the author's settings."""
