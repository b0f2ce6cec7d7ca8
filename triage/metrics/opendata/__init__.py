"""Open data: the figures of whole quarters as files at fixed addresses, from which nothing hidden can be worked out."""
