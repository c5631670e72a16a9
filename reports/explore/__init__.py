"""Any metric of visits and goals by any breakdown of visits, up to three levels deep."""
