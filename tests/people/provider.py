"""A real OpenID Connect provider (Canaille) as a process of its own: python -m tests.people.provider PORT ADDRESS.

It has its own pages, passwords, registered clients, PKCE and single use of codes. Nothing of Frontdoor is in it.
"""

import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import run_simple

CLIENT, SECRET = "frontdoor", "a secret between Frontdoor and its provider"
PUBLIC_CLIENT = "frontdoor-public"
PASSWORD = "correct horse battery staple"
# Sign-in name → groups. Demo people are roles.
PEOPLE = {
    "revenues": ["frontdoor-revenues"],
    "housing-partner": ["frontdoor-barnet-homes"],
    "administrator": ["frontdoor-administrators"],
    "stranger": [],
}


def main(port: int, frontdoor: str) -> None:
    """Serve on `port` until ended; `frontdoor` is the address that people are sent back to."""
    address = f"http://127.0.0.1:{port}"
    app = create_app(
        {
            "SECRET_KEY": "for tests only",
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CACHE_TYPE": "SimpleCache",
            "SESSION_COOKIE_SECURE": False,
            # Its sessions are in its cookies, and nothing of it is left on the disk.
            "SESSION_TYPE": None,
            "CANAILLE": {
                "DATABASE": "memory",
                "JAVASCRIPT": False,
                "HTMX": False,
                "LOGGING": None,
                "CAPTCHA_ENABLED": False,
                "SMTP": None,
            },
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)]},
        },
        env_file=None,
    )
    with app.app_context():
        backend = Backend.instance
        people = {}
        for name in PEOPLE:
            people[name] = models.User(
                user_name=name,
                formatted_name=name.replace("-", " ").capitalize(),
                family_name=name,
                emails=[f"{name}@council.example"],
                password=PASSWORD,
            )
            backend.save(people[name])
        for group in sorted({one for groups in PEOPLE.values() for one in groups}):
            members = [people[name] for name, groups in PEOPLE.items() if group in groups]
            backend.save(models.Group(display_name=group, members=members))
        for client_id, secret in ((CLIENT, SECRET), (PUBLIC_CLIENT, None)):
            client = models.Client(
                client_id=client_id,
                client_secret=secret,
                client_name="Frontdoor",
                client_uri=frontdoor,
                redirect_uris=[f"{frontdoor}/desk/sign-in/openid/back"],
                post_logout_redirect_uris=[f"{frontdoor}/desk/sign-in"],
                grant_types=["authorization_code"],
                response_types=["code"],
                token_endpoint_auth_method="client_secret_basic" if secret else "none",
                scope=["openid", "profile", "email", "groups"],
            )
            backend.save(client)
            client.audience = [client]
            backend.save(client)
    print(f"ready {address}", flush=True)
    run_simple("127.0.0.1", port, app, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
