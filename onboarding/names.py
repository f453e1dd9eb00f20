"""What the layers that come with opskit are called; known without reading their files."""

POLES = ("back-office", "logistics")
SITES = ("sonceboz", "lausanne")
MODULES = ("on-call", "remote", "withholding-tax", "warehouse-devices")
