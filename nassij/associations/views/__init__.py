"""The pages below /nassij/. Every one asks `nassij.associations.api` who may, and works without a script."""
