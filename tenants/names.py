"""Which address a studio may have. Ours, the servers' and the tricksters' names are refused."""

import re

SLUG = re.compile(r"[a-z0-9](?:-?[a-z0-9])*")  # one host label; no double hyphen, so no punycode (`xn--`) either
SHORTEST, LONGEST = 3, 40
RESERVED = frozenset(
    """
    about abuse access account accounts admin administrator all analytics anonymous api apis app apps archive asset
    assets auth autoconfig autodiscover backup backups bank beta billing blog board booking bot brand broadcasthost
    bucket business cache caddy calendar call cdn chat checkout client cloud cluster code community config console
    contact control core cron customer customers dashboard data database db default demo dev devel developer
    developers dns doc docs domain download downloads edge email enterprise error errors event events example
    extensions failover faq feedback file files finance ftp gallery gateway git graphql group guest health healthz
    help home host hostmaster hq http https image images imap img imprint index info information-schema infra
    internal investor invoice ipv4 ipv6 isatap job jobs kafka ldap legal licence license live local localdomain
    localhost log login logout logs mail mailer mailer-daemon main manage manager marketing master me media message
    messages metrics minio mobile monitor mx mysql name network news newsletter no-reply no-studio nobody noc
    noreply ns ns0 ns1 ns2 ns3 ns4 null oauth offer office official operator operators order orders origin owner
    partner pay payment payments photo photos phpmyadmin picture pictures pki platform pop pop3 portal postgres
    postgresql postmaster preview pricing primary privacy private prod production profile promo proxy public queue
    ready readyz redis register registration relay remote replica report reports rest robots root rss s3 sales
    sandbox schema script search secure security selection server service services session sessions setting
    settings setup shop sign-in sign-out sign-up signin signout signup site sites smtp socket ssh ssl sso staff
    stage staging start stat static stats status storage store stripe studio studios subdomain sudo superuser
    support svn sync sysadmin system team teams template0 template1 tenant tenants terms test testing tests tls
    token tools trace tutorial undefined update upload uploads usenet user username users valkey vpn web webdav
    webhook webhooks webmail webmaster wechat weixin whois wiki wpad ws wss www www1 www2 www3 xml yinglou
    yinglouyun you
    """.split()  # noqa: SIM905 (as a list of strings nobody would read it)
)


class NameRefused(ValueError):
    """`code`: short · long · letters · reserved."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_slug(text: str) -> str:
    """The address that `text` asks for, in lower case. Raises NameRefused.

    Only ASCII passes, and that is asked before lower-casing: some letters of other alphabets fold into ours.
    """
    text = text.strip()
    if not text.isascii():
        raise NameRefused("letters")
    slug = text.lower()
    if len(slug) < SHORTEST:
        raise NameRefused("short")
    if len(slug) > LONGEST:
        raise NameRefused("long")
    if not SLUG.fullmatch(slug) or slug.replace("-", "").isdigit():
        raise NameRefused("letters")
    if slug in RESERVED or slug.replace("-", "") in RESERVED or slug.startswith(("pg-", "s3-", "xn-")):
        raise NameRefused("reserved")
    return slug


def schema_of(slug: str) -> str:
    """The schema of a clean slug. The prefix keeps it away from `pg_*`, `public` and every other name of the server."""
    return "s_" + slug.replace("-", "_")


def suggestions(slug: str, taken: set[str]) -> list[str]:
    """Up to three free addresses close to a taken one."""
    candidates = [f"{slug}-photo", f"{slug}-studio", f"my-{slug}", f"{slug}-2", f"{slug}-3"]
    return [name for name in candidates if len(name) <= LONGEST and name not in taken][:3]
