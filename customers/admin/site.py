from django.contrib.admin import AdminSite


class ClienteleAdminSite(AdminSite):
    site_header = "Clientele"
    site_title = "Clientele"
    index_title = "The customer book"
