"""The web app: a Django project over the library; it holds no rule of its own (extra ``kaohe[web]``)."""
