"""The commands of `signpost`, by what they are about. `survey.cli` gathers them."""
