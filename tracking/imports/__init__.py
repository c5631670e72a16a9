"""What an import is made of; `tracking.importing` puts it together."""
