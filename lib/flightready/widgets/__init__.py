"""Widgets: labelled controls that drive an analysis and redraw its figure in a live notebook."""
