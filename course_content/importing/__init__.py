"""From compiled courses to the platform: only what changed, never over what an author wrote in Studio."""
