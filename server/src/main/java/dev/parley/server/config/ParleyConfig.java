package dev.parley.server.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every property of Parley. Sizes are bytes, rates are per second, durations are written like {@code 30S} or {@code 7D}. */
@ConfigMapping(prefix = "parley")
public interface ParleyConfig {

    /** People without a token. */
    Guests guests();

    /** The tokens of people: whose are taken. */
    Tokens tokens();

    /** Messages to everyone. */
    Broadcast broadcast();

    /** The HTTP API. */
    Api api();

    /** Browsers. */
    Http http();

    /** What one connection, user or address may do. */
    Limits limits();

    /** Proxies and load balancers that stand before the hub. */
    Proxies proxies();

    /** Decisions about connections and messages by a team's own code, in the build or behind a webhook. */
    Hooks hooks();

    /** Services that are asked or told by signed HTTP calls (Standard Webhooks, CloudEvents in JSON). */
    Map<String, Webhook> webhooks();

    /** When silent connections are probed and given up. */
    Heartbeat heartbeat();

    /** Leaving for a deploy. */
    Drain drain();

    /** The log in memory, used where no Redis is configured. */
    Memory memory();

    /** The log in Redis. */
    Redis redis();

    /** Traces of some messages, for OpenTelemetry. */
    Tracing tracing();

    /**
     * Policies by namespace, the part of a group's name before the first {@code :}. {@code default}, {@code chat} and {@code dm} exist from the start; what is
     * set here for one of them changes it.
     */
    Map<String, Namespace> namespaces();

    interface Guests {
        /** Whether a connection without a token becomes a guest with a generated id. On in dev mode. */
        @WithDefault("false")
        boolean enabled();

        /**
         * The key that signs guests' tokens (HS256, at least 32 bytes). All instances need the same; without one each process makes its own. A backend that has it
         * may sign tokens with it, too.
         */
        Optional<String> secret();

        /** How long a guest's token lives. */
        @WithDefault("30D")
        Duration lifetime();
    }

    interface Tokens {
        /** A secret with which a backend signs tokens (HS256, at least 32 bytes). */
        Optional<String> secret();

        /** Files with public keys (RS256, ES256, EdDSA): keys or certificates in PEM, a JWK or a set of them. Read at the start. */
        Optional<List<String>> keys();

        /** Keys that an identity provider publishes. */
        Jwks jwks();

        /** Who must have made a token (claim {@code iss}). Guests' tokens are exempt from this and from the audience. */
        Optional<String> issuer();

        /** For whom a token must be meant (claim {@code aud}): for one of these. */
        Optional<List<String>> audience();

        /** How far the clocks of whoever signs and of this instance may differ. */
        @WithDefault("5S")
        Duration leeway();

        /**
         * How long after it was made (claim {@code iat}) a token is good, whatever it says of its end. Revocations are kept for as long. Never less than
         * {@code parley.guests.lifetime}.
         */
        @WithDefault("30D")
        Duration longestLife();
    }

    interface Jwks {
        /** Where they are ({@code https://…/jwks.json}). While it is out of reach, the keys that were fetched last stay in use. */
        Optional<String> url();

        /** How often they are fetched anew, so that keys which were taken back are gone here too. */
        @WithDefault("10M")
        Duration refresh();

        /** Pause after which they are fetched again at the earliest, when a token names a key that is not known. */
        @WithDefault("10S")
        Duration pause();
    }

    interface Broadcast {
        /** Whether every signed-in connection may send to everyone; otherwise only the role {@code admin}. On in dev mode. */
        @WithDefault("false")
        boolean everyone();
    }

    interface Api {
        /**
         * Service keys, each {@code name=key} or a bare key (then named {@code default}). A key is best written as its hash, {@code name=sha256:<64 hexadecimal
         * digits>}, as {@code printf %s "$KEY" | sha256sum} gives it. Without a key the HTTP API is for the role {@code admin} only. {@code dev} in dev mode.
         */
        Optional<List<String>> keys();
    }

    interface Http {
        /**
         * Origins whose pages may use the hub besides its own, such as {@code https://app.example.com}; {@code *} for every page. Of others neither WebSockets nor
         * streams nor calls of the HTTP API are taken. A client that names no origin is no browser, and not held up.
         */
        Optional<List<String>> origins();

        /**
         * Whether a client must show a certificate on the TLS port ({@code required}), one that {@code quarkus.tls.trust-store} trusts, whatever it asks for; or
         * need not ({@code none}). Whoever shows one still needs a token.
         */
        @WithDefault("none")
        Certificates clientCertificates();
    }

    /** Whether clients show certificates. */
    enum Certificates {
        NONE,
        REQUIRED
    }

    interface Limits {
        /** Largest JSON object a client may send, in bytes; a {@code hello} may be as large as a frame. */
        @WithDefault("65536")
        int message();

        /** Largest WebSocket message a client may send, in bytes. */
        @WithDefault("262144")
        int frame();

        /** Sends a second and connection, in the long run. */
        @WithDefault("200")
        int sendsPerSecond();

        /** Sends at once, after a rest; twice the rate where not set. */
        Optional<Integer> sendBurst();

        /** Requests other than sends a second and connection, in the long run; ten times as many at once, after a rest. */
        @WithDefault("200")
        int requestsPerSecond();

        /**
         * Frames of any kind a second and connection, in the long run; five times as many at once. Who sends faster is read more slowly. Where not set: twice the
         * sends and requests together, but 1000 at least.
         */
        Optional<Integer> framesPerSecond();

        /** Bytes a second and connection, in the long run; twice as many at once. Who sends faster is read more slowly. */
        @WithDefault("16777216")
        long bytesPerSecond();

        /** Unacknowledged sends of one connection. */
        @WithDefault("32")
        int inFlight();

        /** Groups one connection may follow, and one user may be a member of. Direct conversations that others open fill at most half of that. */
        @WithDefault("1000")
        int groups();

        /** Connections of one instance. */
        @WithDefault("100000")
        int connections();

        /** Connections of one remote address on one instance; of IPv6 a network of 64 bits counts as one. */
        @WithDefault("20000")
        int connectionsPerAddress();

        /** Connections of one user on all instances together. */
        @WithDefault("1000")
        int connectionsPerUser();

        /** Guests made for one remote address in an hour by one instance. */
        @WithDefault("20000")
        int guestsPerAddress();

        /** Tickets made for one user in a minute by one instance, at once or one after the other. */
        @WithDefault("600")
        int ticketsPerUser();

        /**
         * Hellos a second that are let in by one instance. More of them wait for up to 4 seconds, and then are told when to come back. Half of what one core
         * can do, so that those who are there already are served as well when others come all at once.
         */
        @WithDefault("2000")
        int handshakes();

        /** Longest name of a group that may be joined or made, or sent to without being in it, in characters. */
        @WithDefault("128")
        int groupName();

        /** Most entries of a page of history. */
        @WithDefault("200")
        int historyPage();

        /** Largest body of a call of the HTTP API, in bytes. */
        @WithDefault("1048576")
        int body();

        /** Bytes waiting for one socket, over which it counts as slow and is caught up from the log later; the kernel keeps up to half as much again. */
        @WithDefault("262144")
        int outgoing();

        /** Time for the first {@code hello}. */
        @WithDefault("10S")
        Duration hello();

        /** Time for the log to take a message, after which the sender is told {@code unavailable}. */
        @WithDefault("5S")
        Duration sendTimeout();
    }

    interface Proxies {
        /**
         * Whose word about the client's address is taken: addresses or networks such as {@code 10.0.0.0/8}. Without one the address is that of the connection,
         * which behind a load balancer is the same for everybody.
         */
        Optional<List<String>> trusted();

        /** In which header they say it; what other headers say is the client's invention. */
        @WithDefault("x-forwarded-for")
        ForwardedBy header();
    }

    interface Hooks {
        /** Time for each decision. */
        @WithDefault("2S")
        Duration deadline();

        /** What becomes of a connection or message about which no decision came: {@code refuse}, with {@code unavailable}, or {@code accept}. */
        @WithDefault("refuse")
        OnFailure onFailure();
    }

    interface Webhook {
        /** The service's address, {@code http://} or {@code https://}. */
        Optional<String> url();

        /** What calls are signed with, each {@code whsec_} and 24 to 64 bytes in Base64; with several, by each, so that one can be changed. */
        Optional<List<String>> secrets();

        /**
         * What it is called for. {@code connect} and {@code send} wait for its decision; {@code connected}, {@code disconnected}, {@code message} and
         * {@code membership} are told after they happened.
         */
        Optional<List<WebhookEvent>> events();

        /** Time for each call. For decisions {@code parley.hooks.deadline} holds as well. */
        @WithDefault("5S")
        Duration deadline();

        /** Events that may wait to be told; further ones are given up. */
        @WithDefault("10000")
        int queue();

        /** How often an event is tried, after half a second first and then twice as long each time, up to a minute. */
        @WithDefault("20")
        int attempts();
    }

    interface Heartbeat {
        /** Silence in either direction after which a connection is probed. */
        @WithDefault("25S")
        Duration interval();

        /** Time for an answer, after which it is closed with 4000. */
        @WithDefault("10S")
        Duration timeout();
    }

    interface Drain {
        /** Pause between going unready and the first {@code draining}, for load balancers to notice. */
        @WithDefault("3S")
        Duration pause();

        /**
         * Window over which connections are sent away, a hundred a second at least. The process ends up to 6 seconds after pause and window; all of it has to
         * fit into what the one who sends SIGTERM gives it ({@code terminationGracePeriodSeconds}, by default 30, in Kubernetes).
         */
        @WithDefault("15S")
        Duration window();
    }

    interface Memory {
        /** Bytes of all entries kept in memory; over it the oldest go first. */
        @WithDefault("268435456")
        long bytes();
    }

    interface Redis {
        /** How often the lease of this instance is renewed, which is also the probe of both ways through Redis. */
        @WithDefault("2S")
        Duration probe();

        /** Replicas that must have an append before it is acknowledged ({@code WAIT}). */
        @WithDefault("0")
        int waitReplicas();
    }

    interface Tracing {
        /**
         * Where spans go, as OTLP over HTTP: the whole address, such as {@code http://collector:4318/v1/traces}. Without one nothing is traced.
         */
        Optional<String> url();

        /**
         * Headers that go with the spans, each {@code name=value}, for collectors that want a key: {@code api-key=…} or {@code Authorization=Bearer …}. A comma
         * in a value is written {@code \,}. Values are secrets and never logged; give them by the environment variable.
         */
        Optional<List<String>> headers();

        /**
         * How many of the messages are traced, from 0 for none to 1 for all. Those that come over HTTP with a {@code traceparent} are not among them: whether they
         * are traced their caller decides.
         */
        @WithDefault("0")
        double ratio();

        /** The name of this hub among traced services ({@code service.name}). */
        @WithDefault("parley")
        String service();
    }

    interface Namespace {
        /** {@code durable}: membership belongs to the user; {@code session}: to the connection. Where not set: durable for {@code chat} and {@code dm}, else session. */
        Optional<Membership> membership();

        /**
         * Whether anybody may join a durable group: short for {@code join=anyone} or {@code join=granted}. Where not set: true for {@code chat}, else false.
         */
        Optional<Boolean> open();

        /**
         * Who may join: one or several of {@code anyone}, {@code users} (everybody but guests), {@code role:<name>} (of the token), {@code granted} (only whose token
         * has a grant) and {@code nobody} (not even those; members are added). Where not set: {@code anyone} in session groups and in {@code chat}, else {@code granted}.
         */
        Optional<List<String>> join();

        /** Who may make a durable group by being the first to join it, or open a direct conversation; as for {@code join}. Where not set: {@code anyone}. */
        Optional<List<String>> create();

        /**
         * Who may send: as for {@code join}, and {@code members}, {@code moderators} and {@code owners}. Where not set: {@code members}, which in a session group is
         * who has joined. Others than these may send without joining.
         */
        Optional<List<String>> send();

        /** Who may read what is kept; as for {@code send}. Where not set: {@code members}. */
        Optional<List<String>> read();

        /** Who may see who is on; as for {@code send}. Where not set: {@code members}. */
        Optional<List<String>> presence();

        /** Who may add and remove members of a durable group and change roles; as for {@code send}. Where not set: {@code owners,moderators}. */
        Optional<List<String>> manage();

        /** Most members of a durable group; without one as many as like. */
        Optional<Integer> maxMembers();

        /** Whether messages may be read over HTTP without a token. Where not set: false. */
        Optional<Boolean> anonymous();

        /** What is kept. */
        History history();
    }

    interface History {
        /** Entries kept per channel. */
        @WithDefault("1000")
        int size();

        /** Age up to which entries are kept. */
        @WithDefault("7D")
        Duration age();
    }

    /** How proxies say on whose behalf they call. */
    enum ForwardedBy {
        X_FORWARDED_FOR("X-Forwarded-For"),
        FORWARDED("Forwarded");

        private final String header;

        ForwardedBy(String header) {
            this.header = header;
        }

        /** The header's name. */
        public String header() {
            return header;
        }
    }

    /** What to do without a decision. */
    enum OnFailure {
        REFUSE,
        ACCEPT
    }

    /** For what a webhook is called. */
    enum WebhookEvent {
        CONNECT,
        SEND,
        CONNECTED,
        DISCONNECTED,
        MESSAGE,
        MEMBERSHIP
    }

    /** To whom a place in a group belongs. */
    enum Membership {
        DURABLE,
        SESSION
    }
}
