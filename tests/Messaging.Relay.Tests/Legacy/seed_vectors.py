"""The vectors of the legacy profile, by the agent in Python: seed_vectors.py FILE."""
import json
import re
import sys

from cryptography.hazmat.primitives import serialization

import seed_agent


def is_for(to, agent):
    pattern = "".join(".*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", to or "*"))
    return to == agent or (len(to or "") <= 256 and re.fullmatch(pattern, agent, re.DOTALL) is not None)


def refuses(secret, content):
    try:
        seed_agent.unseal(secret, content)
    except (AssertionError, UnicodeDecodeError):
        return True
    return False


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        vectors = json.load(file)
    for one in vectors["credentials"]:
        secret = seed_agent.derive(one["channelName"], one["password"])
        assert secret == one["channelSecret"], one
        assert seed_agent.mac(secret, one["password"]) == one["passwordHash"], one
        assert seed_agent.aes_key(secret).hex() == one["aesKey"], one
    for one in vectors["contents"]:
        assert json.loads(seed_agent.seal(one["channelSecret"], one["text"], bytes.fromhex(one["nonce"]))) == json.loads(one["content"]), one
        assert seed_agent.unseal(one["channelSecret"], one["content"]) == one["text"], one
    for one in vectors["refusedContents"]:
        assert refuses(one["channelSecret"], one["content"]), one
    key = serialization.load_pem_private_key(vectors["passwordKeyPem"].encode(), None)
    for one in vectors["passwordReplies"]:
        assert seed_agent.open_password(key, one["content"]) == one["password"], one
    for one in vectors["addresses"]:
        assert is_for(one["to"], one["agentName"]) == one["isFor"], one
    print(sum(len(value) for value in vectors.values() if isinstance(value, list)), "vectors hold")


if __name__ == "__main__":
    main()
