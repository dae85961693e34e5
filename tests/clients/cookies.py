"""Takes cookies of the programs `login` and `members` into a jar, reads them with nothing but the secret and the documented
format, and sends others that were made the same way, and a signature of `Signer`: python3 cookies.py LOGIN MEMBERS PREFIX, with
APP_SECRET in the environment. PREFIX is what stands in front of the cookies' names: `__Host-`, or nothing.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar, DefaultCookiePolicy

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LOGIN, MEMBERS, PREFIX = sys.argv[1:]
SESSION, FLASH, SIGNED, ENCRYPTED = (PREFIX + name for name in ("session", "flash", "signed", "encrypted"))
SECRET = base64.b64decode(os.environ["APP_SECRET"])


def key(purpose):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(SECRET)


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(purpose, name, value):
    data = decoded(value)
    assert data[0] == 1, "the version"
    return json.loads(AESGCM(key(purpose)).decrypt(data[1:13], data[13:], name.encode()))


def sealed(purpose, name, expires, data):
    nonce = os.urandom(12)
    text = json.dumps({"expires": expires, "data": data}).encode()
    return encoded(b"\x01" + nonce + AESGCM(key(purpose)).encrypt(nonce, text, name.encode()))


def signature(purpose, name, signed):
    return encoded(hmac.new(key(purpose), name.encode() + b"\0" + signed.encode(), hashlib.sha256).digest())


def verified(purpose, name, value):
    version, signed_by, signed = value.split(".", 2)
    assert version == "1" and signed_by == signature(purpose, name, signed), value
    expires, text = signed.split(".", 1)
    return int(expires), text


def signed(purpose, name, expires, text):
    rest = f"{expires}.{text}"
    return f"1.{signature(purpose, name, rest)}.{rest}"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browser():
    # The program is told of HTTPS; the way to it is plain HTTP, on which a jar would keep `Secure` cookies back.
    jar = CookieJar(DefaultCookiePolicy(secure_protocols=("https", "http")))
    return jar, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), Stay)


def send(opener, url, form=None, cookies=None):
    data = None if form is None else urllib.parse.urlencode(form).encode()
    headers = {} if cookies is None else {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    try:
        with opener.open(urllib.request.Request(url, data, headers)) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def near(expires, seconds):
    return 0 <= time.time() + seconds - expires < 60


seen = {}
jar, opener = browser()
seen["login"] = send(opener, f"{LOGIN}/login", {"name": "ann", "password": "open sesame"})[0]
cookies = {cookie.name: cookie for cookie in jar}
seen["jar"] = sorted(cookies)
seen["http only"] = all(cookie.has_nonstandard_attr("HttpOnly") for cookie in jar)
seen["secure"] = all(cookie.secure for cookie in jar)
content = opened("carafe session 1", SESSION, cookies[SESSION].value)
seen["session"] = content["data"], near(content["expires"], 14 * 24 * 60 * 60)
expires, text = verified("carafe flash 1", FLASH, cookies[FLASH].value)
seen["flash"] = json.loads(decoded(text)), near(expires, 300)
status, page = send(opener, f"{LOGIN}/")
seen["returned"] = status, "Welcome back, ann" in page and "Only ann can see this." in page
seen["jar after"] = sorted(cookie.name for cookie in jar)
seen["logout"] = send(opener, f"{LOGIN}/logout", {})[0], sorted(cookie.name for cookie in jar)

soon = int(time.time()) + 60
messages = encoded(json.dumps([{"kind": "own", "text": "made in Python"}]).encode())
ours = {
    SESSION: sealed("carafe session 1", SESSION, soon, "zoë"),
    FLASH: signed("carafe flash 1", FLASH, soon, messages),
}
_, page = send(browser()[1], f"{LOGIN}/", cookies=ours)
seen["ours"] = "Only zoë can see this." in page, '<p class="own">made in Python</p>' in page
past = int(time.time()) - 1
late = {SESSION: sealed("carafe session 1", SESSION, past, "zoë")}
seen["late"] = send(browser()[1], f"{LOGIN}/", cookies=late)[0]

jar, opener = browser()
text = "größe; 1.2 %41"
send(opener, f"{MEMBERS}/kept", {"text": text})
cookies = {cookie.name: urllib.parse.unquote(cookie.value) for cookie in jar}
seen["signed"] = verified("carafe signed cookie 1", SIGNED, cookies[SIGNED])
seen["encrypted"] = opened("carafe encrypted cookie 1", ENCRYPTED, cookies[ENCRYPTED])
seen["kept"] = send(opener, f"{MEMBERS}/kept")[1]
ours = {
    SIGNED: signed("carafe signed cookie 1", SIGNED, 0, "s"),
    ENCRYPTED: sealed("carafe encrypted cookie 1", ENCRYPTED, None, "e"),
}
seen["kept ours"] = send(browser()[1], f"{MEMBERS}/kept", cookies=ours)[1]
purpose, text = "größe 1", "ann & bob"
ours = encoded(hmac.new(key(f"carafe signer 1: {purpose}"), text.encode(), hashlib.sha256).digest())
asked = urllib.parse.urlencode({"purpose": purpose, "text": text, "signature": ours})
seen["signer"] = send(browser()[1], f"{MEMBERS}/signature?{asked}")[1] == f"{ours} true"
print(json.dumps(seen))
