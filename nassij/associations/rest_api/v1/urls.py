"""Addresses of version 1, below `api/nassij/v1/`."""

from django.urls import path

from nassij.associations.rest_api.v1 import views

urlpatterns = [
    path("associations/", views.AssociationList.as_view(), name="api_list"),
    path("associations/<uuid:uuid>/", views.AssociationDetail.as_view(), name="api_detail"),
    path("associations/<uuid:uuid>/members/", views.AssociationMembers.as_view(), name="api_members"),
]
