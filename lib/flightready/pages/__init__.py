"""Pages: what each notebook shows, one function a cell: result, sentences and figures put together."""
