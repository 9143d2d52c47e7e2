"""One index of references and words; results only as the reader may see them."""
