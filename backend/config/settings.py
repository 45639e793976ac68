"""Which product is this, on this machine? The only place that reads the environment; `config.checks` reports it."""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path

import dj_database_url
from django.core.management.utils import get_random_secret_key

from config.admin_settings import ADMIN_LOOK
from config.env import Environment
from config.env_file import EnvFileUnreadable, read_values

BASE_DIR = Path(__file__).resolve().parent.parent

TESTING = os.environ.get("PARLEY_TESTING") == "1"
"""Set by `conftest.py` before Django starts: `backend/.env` is not read, and everything written goes elsewhere."""

TEMPORARY = Path(tempfile.gettempdir()) / f"parley-test-{os.getpid()}"
"""The folder of a test run; `conftest.py` makes it and removes it."""

ENV_FILE = BASE_DIR / ".env"
_file_values, _file_problem = {}, ""
if not TESTING:
    try:
        _file_values = read_values(ENV_FILE)
    except EnvFileUnreadable as unreadable:
        _file_problem = str(unreadable)
env = Environment({**_file_values, **os.environ})
if _file_problem:
    env.problem(".env", _file_problem, "Save it as UTF-8, readable by the user who starts the server.")

# ── what Django needs ─────────────────────────────────────────────────────────────────────────────

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY", max_length=512) or get_random_secret_key()
"""Where none is written, sessions and tickets end with this process; outside of DEBUG that is refused below."""
if not (DEBUG or TESTING or _file_problem) and not (_file_values.get("SECRET_KEY") or os.environ.get("SECRET_KEY")):
    env.problem("SECRET_KEY", "SECRET_KEY is missing.", "Write any 50 random characters into backend/.env.")

ALLOWED_HOSTS = list(env.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"]))
FRONTEND_ORIGINS = env.origins("FRONTEND_ORIGINS", ["http://localhost:3000", "http://127.0.0.1:3000"])
"""Where pages that may call us are served: trusted for CSRF, and the only origins that may open a socket."""

INSTALLED_APPS = [
    "ai_agent",  # before daphne and staticfiles: its `runserver` is the one that counts
    "accounts",
    "ai_personas",
    "daphne",
    "channels",
    "unfold",
    "unfold.contrib.import_export",
    "import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.headless",
]

MIDDLEWARE = [
    "config.middleware.JsonErrors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "config.middleware.BodyLimit",
    "config.middleware.SignInBodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

UNFOLD = ADMIN_LOOK

# ── where things are kept ─────────────────────────────────────────────────────────────────────────

DATABASE_URL = env.url("DATABASE_URL", schemes=["postgresql", "postgres", "sqlite"])
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
_SQLITE_FILE = (TEMPORARY if TESTING else BASE_DIR) / "db.sqlite3"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL or f"sqlite:///{_SQLITE_FILE}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = _SQLITE_OPTIONS
    # Two threads of one test share one database only where it is a file.
    DATABASES["default"]["TEST"] = {"NAME": TEMPORARY / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.integer("DATABASE_CONN_MAX_AGE", 60, minimum=0, maximum=86_400)

REDIS_URL = env.url("REDIS_URL", schemes=["redis", "rediss"])
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # Without this redis-py ends a consumer's blocking read after 5 s of silence.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

RECORDINGS_ENABLED = env.flag("RECORDINGS_ENABLED", default=True)
"""False: no call is recorded on this machine, whatever a person has answered."""
RECORDINGS_DIR = env.folder("RECORDINGS_DIR", TEMPORARY / "recordings" if TESTING else BASE_DIR / "test_recordings")

BEFORE_A_PERSON_IS_DELETED = ["ai_agent.call_deletion.remove_recordings_of_person"]
"""What is told a person's id before their rows go: it removes what lies elsewhere."""

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
"""Until `collectstatic` has run, files come from the packages that bring them."""
warnings.filterwarnings("ignore", message="No directory at", module="django.core.handlers.base")
WHITENOISE_AUTOREFRESH = DEBUG

# ── the door ──────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{FRONTEND_ORIGINS[0]}/",
    "account_reset_password": f"{FRONTEND_ORIGINS[0]}/",
    "account_reset_password_from_key": f"{FRONTEND_ORIGINS[0]}/",
    "account_signup": f"{FRONTEND_ORIGINS[0]}/",
}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USERNAME_MIN_LENGTH = 3
RATE_LIMITS = env.flag("RATE_LIMITS", default=True)
"""False only where a machine tests itself: sign-ins and sign-ups are then not counted."""
ACCOUNT_RATE_LIMITS = (
    # "key" is the name together with the address (accounts.adapter); five wrong passwords rest it for five minutes.
    {"login": "30/m/ip", "login_failed": "20/m/ip,5/300s/key", "signup": "20/h/ip"} if RATE_LIMITS else False
)

DEMO_USERNAME = "demo"
DEMO_PASSWORD = env.text("DEMO_PASSWORD", max_length=128)
"""Of the demo account, which exists only where DEBUG is on; `manage.py ensure_demo_account` makes it once."""

TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0, minimum=0, maximum=10)
"""How many proxies of ours stand in front; each appends to X-Forwarded-For the address that it saw."""
TRUSTED_PROXY_NETWORKS = env.networks("TRUSTED_PROXY_NETWORKS", ["127.0.0.0/8", "::1/128"])
"""Only who connects from here may name another address in X-Forwarded-For."""

_SECURE = bool(FRONTEND_ORIGINS) and all(origin.startswith("https://") for origin in FRONTEND_ORIGINS)
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _SECURE
CSRF_TRUSTED_ORIGINS = list(FRONTEND_ORIGINS)
CSRF_FAILURE_VIEW = "config.urls.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE and TRUSTED_PROXY_COUNT else None
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
"""The proxy that ends TLS redirects to it; subdomains and the preload list are the domain owner's to decide."""
X_FRAME_OPTIONS = "DENY"
MAX_BODY_BYTES = 64 * 1024
"""Longer request bodies are answered with 413 (the admin's forms may have Django's own limit)."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
TICKET_SECONDS = 30

# ── minds and voices ──────────────────────────────────────────────────────────────────────────────

AI_MODE = env.choice("AI_MODE", "mock" if TESTING else "local", ["mock", "local", "live"])
_MODE_PROVIDERS = {
    "mock": {"stt": "mock", "llm": "mock", "tts": "mock"},
    "local": {"stt": "whisper", "llm": "local", "tts": "local"},
    "live": {"stt": "sarvam", "llm": "groq", "tts": "sarvam"},
}[AI_MODE]
STT_PROVIDER = env.choice("STT_PROVIDER", _MODE_PROVIDERS["stt"], ["mock", "whisper", "sarvam", "groq", "openai"])
LLM_PROVIDER = env.choice("LLM_PROVIDER", _MODE_PROVIDERS["llm"], ["mock", "local", "groq", "openai"])
TTS_PROVIDER = env.choice(
    "TTS_PROVIDER", _MODE_PROVIDERS["tts"], ["mock", "local", "kokoro", "coqui", "sarvam", "openai"]
)
"""Each role's provider by name (`ai_agent.providers` has the tables); a role's variable beats what AI_MODE chooses."""

GROQ_API_KEY = env.text("GROQ_API_KEY", max_length=512)
SARVAM_API_KEY = env.text("SARVAM_API_KEY", max_length=512)
OPENAI_API_KEY = env.text("OPENAI_API_KEY", max_length=512)
OPENAI_BASE_URL = env.url("OPENAI_BASE_URL", schemes=["http", "https"])
STT_BASE_URL = env.url("STT_BASE_URL", OPENAI_BASE_URL, schemes=["http", "https"])
LLM_BASE_URL = env.url("LLM_BASE_URL", OPENAI_BASE_URL, schemes=["http", "https"])
TTS_BASE_URL = env.url("TTS_BASE_URL", OPENAI_BASE_URL, schemes=["http", "https"])
STT_MODEL = env.text("STT_MODEL", max_length=200)
LLM_MODEL = env.text("LLM_MODEL", max_length=200)
TTS_MODEL = env.text("TTS_MODEL", max_length=200)

MOCK_STT_DELAY_MS = env.integer("MOCK_STT_DELAY_MS", 0, minimum=0, maximum=60_000)
MOCK_LLM_DELAY_MS = env.integer("MOCK_LLM_DELAY_MS", 0, minimum=0, maximum=60_000)
MOCK_TTS_DELAY_MS = env.integer("MOCK_TTS_DELAY_MS", 0, minimum=0, maximum=60_000)
MOCK_STT_TEXT = env.text("MOCK_STT_TEXT", max_length=2_000)
MOCK_LLM_REPLY = env.text("MOCK_LLM_REPLY", max_length=2_000)
MOCK_TTS_WAV = env.file("MOCK_TTS_WAV", BASE_DIR)

MODELS_DIR = env.folder("MODELS_DIR", BASE_DIR / "models")
WHISPER_MODEL = env.text("WHISPER_MODEL", "whisper-base", max_length=500)
PROBE_WHISPER_MODEL = env.text("PROBE_WHISPER_MODEL", "whisper-tiny.en", max_length=500)
WHISPER_WINDOW = env.choice("WHISPER_WINDOW", "short", ["short", "full"])
LOCAL_LLM_MODEL = env.text("LOCAL_LLM_MODEL", "qwen2.5-coder-0.5b-instruct-q4_0.gguf", max_length=500)
END_OF_TURN_MODEL = env.text("END_OF_TURN_MODEL", "smart-turn-v3.2-cpu.onnx", max_length=500)
EMBEDDING_MODEL = env.text("EMBEDDING_MODEL", "all-minilm-l6-v2", max_length=500)
"""Names inside MODELS_DIR, or paths of one's own. A call can do without the last two."""

# ── calls ─────────────────────────────────────────────────────────────────────────────────────────

SILENCE_DURATION_MS = env.integer("SILENCE_DURATION_MS", 2_500, minimum=500, maximum=10_000)
"""Silence that ends a turn; a persona's own value beats it, a person's preference beats both."""
NOISE_SUPPRESSION = env.choice("NOISE_SUPPRESSION", "classic", ["classic", "webrtc", "off"])
"""Who takes the noise out of the microphone: our own eight steps, WebRTC's, or nobody."""
STT_TAP = env.choice("STT_TAP", "filtered", ["raw", "filtered", "conditioned"])
"""Which signal is transcribed: before everything, after the filters, or after all of the conditioning."""
INTERVIEW_QUOTE_CHECK = env.flag("INTERVIEW_QUOTE_CHECK", default=AI_MODE == "live")
"""The language model may show, by what was said, that an answer has a point or contradicts it. It gives no points."""
CALL_SLOTS = env.optional_integer("CALL_SLOTS", minimum=0, maximum=1_000)
"""Calls this process takes; 0: none; None: measured at start."""
DRAIN_SECONDS = env.number("DRAIN_SECONDS", 10, minimum=0, maximum=86_400)
RESUME_SECONDS = env.number("RESUME_SECONDS", 60, minimum=1, maximum=3_600)
"""How long a call that lost its line is kept for its person to come back."""
OWNER_LOST_SECONDS = env.number("OWNER_LOST_SECONDS", 15, minimum=3, maximum=3_600)
"""A process that was not seen for this long is taken for dead by the sweeper, and its calls with it."""
MAX_CALLS_PER_USER = env.integer("MAX_CALLS_PER_USER", 2, minimum=1, maximum=100)
MAX_CALL_SECONDS = env.number("MAX_CALL_SECONDS", 3_600, minimum=10, maximum=86_400)
IDLE_CALL_SECONDS = env.number("IDLE_CALL_SECONDS", 600, minimum=10, maximum=86_400)
OFFER_SECONDS = env.number("OFFER_SECONDS", 30, minimum=1, maximum=3_600)
"""How long a socket may stand at the door before its offer."""
OFFERS_PER_MINUTE = env.integer("OFFERS_PER_MINUTE", 5, minimum=1, maximum=10_000)
"""Offers from one address in a minute."""
MESSAGES_PER_SECOND = env.integer("MESSAGES_PER_SECOND", 20, minimum=1, maximum=1_000)

ICE_ADDRESSES = env.addresses("ICE_ADDRESSES")
ICE_SERVERS = env.ice_servers("ICE_SERVERS")
MEDIA_MAX_SDP_BYTES = env.integer("MEDIA_MAX_SDP_BYTES", 16_384, minimum=1_024, maximum=61_440)
"""An offer of this length must fit into a message of 64 KiB, with its line ends escaped."""
MEDIA_MAX_CANDIDATES = env.integer("MEDIA_MAX_CANDIDATES", 20, minimum=1, maximum=200)
MEDIA_MAX_TRICKLED = env.integer("MEDIA_MAX_TRICKLED", 30, minimum=0, maximum=200)
MEDIA_ICE_TIMEOUT_SECONDS = env.number("MEDIA_ICE_TIMEOUT_SECONDS", 15, minimum=1, maximum=120)
MEDIA_FIRST_PACKET_SECONDS = env.number("MEDIA_FIRST_PACKET_SECONDS", 5, minimum=1, maximum=120)
MEDIA_DEAD_PEER_SECONDS = env.number("MEDIA_DEAD_PEER_SECONDS", 3, minimum=0.5, maximum=60)

# ── the log ───────────────────────────────────────────────────────────────────────────────────────

LOG_TRANSCRIPTS = env.flag("LOG_TRANSCRIPTS", default=False)
"""True: what people say is written into the log. SDP and keys never are."""
LOG_LEVEL = env.choice("LOG_LEVEL", "info", ["debug", "info", "warning", "error"]).upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "filters": {"no_probes": {"()": "config.logs.NoProbes"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_probes"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Daphne's own handler would write every line a second time; aiortc and aioice log SDP at debug.
        **{name: {"level": "WARNING"} for name in ("daphne", "aiortc", "aioice", "asyncio", "httpx")},
        "django.server": {"level": "WARNING"},
    },
}

ENVIRONMENT_PROBLEMS = tuple(env.problems)
"""What `config.checks` turns into system check errors, all at once."""
