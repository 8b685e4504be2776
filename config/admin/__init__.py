"""The admin site and its pages of no single app: start page, dialect views, errors, sign-ins."""
