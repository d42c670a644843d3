package dev.parley.server.config;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Holds the settings against their {@link Bounds} and against each other, once, before the server listens: what cannot work stops the start, what is likely a
 * mistake is a warning. That every value parses and every {@code parley.*} name exists has been checked by then, while the tree was read.
 */
@Singleton
final class ConfigCheck {
    private static final Logger LOG = Logger.getLogger(ConfigCheck.class);

    /** Before everything else that is done at the start: the first complaint should be the one that names the property. */
    private static final int FIRST = 1;

    /** What Kubernetes gives a pod to go before it is killed, where nothing else is set. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    void check(@Observes @Priority(FIRST) StartupEvent start, ParleyConfig config, Config all) {
        List<String> problems = problems(config);
        var properties = ConfigMappings.getProperties(ConfigClass.configClass(ParleyConfig.class));
        new Switches(properties).complaints(all).forEach(problems::add);
        problems.addAll(redisProblems(
                all.getOptionalValues("quarkus.redis.hosts", String.class).orElse(List.of()),
                all.getOptionalValue("quarkus.redis.client-type", String.class).orElse("")));
        boolean shared = LaunchMode.current() == LaunchMode.NORMAL
                && all.getOptionalValue("quarkus.redis.hosts", String.class).isPresent();
        problems.addAll(guestProblems(config, shared));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join(System.lineSeparator(), problems));
        }
        warnings(config).forEach(LOG::warn);
        new EnvironmentNames(properties.keySet())
                .complaints(System.getenv().keySet())
                .forEach(LOG::warn);
    }

    /** Why the server cannot start with these settings: a sentence for each, which names the property and the fix. */
    static List<String> problems(ParleyConfig config) {
        List<String> problems = new ArrayList<>(Stream.concat(
                        Bounds.complaints(config),
                        config.namespaces().entrySet().stream()
                                .flatMap(entry -> Bounds.complaints(entry.getKey(), entry.getValue())))
                .toList());
        config.webhooks()
                .forEach((name, webhook) -> Bounds.complaints(name, webhook).forEach(problems::add));
        int message = config.limits().message();
        int frame = config.limits().frame();
        if (message > frame) {
            problems.add("parley.limits.message is " + message + ", more than fits a frame: set it to at most "
                    + "parley.limits.frame, which is " + frame + ", or raise that.");
        }
        config.tokens().jwks().url().ifPresent(url -> {
            if (!isHttp(url)) {
                problems.add("parley.tokens.jwks.url is no URL that keys can be fetched from: set it to one that begins"
                        + " with https:// (or, inside a network that is trusted, http://).");
            }
        });
        config.tracing().url().ifPresent(url -> {
            if (!isHttp(url) || URI.create(url).getPath().length() < 2) {
                problems.add(
                        "parley.tracing.url is no URL that spans can be sent to: set it to one with a path, such as"
                                + " http://collector:4318/v1/traces.");
            } else if (URI.create(url).getRawUserInfo() != null) {
                problems.add("parley.tracing.url names a user, whom nobody would tell the collector: set"
                        + " parley.tracing.headers to Authorization=Basic … instead.");
            }
        });
        double ratio = config.tracing().ratio();
        if (!(ratio >= 0 && ratio <= 1)) {
            problems.add("parley.tracing.ratio is " + ratio + ": set it to 0 to 1.");
        }
        return problems;
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * What would make each instance take its own guests only. Found here, before anything dials, so that the sentence is all there is to read.
     *
     * @param shared whether there may be other instances
     */
    static List<String> guestProblems(ParleyConfig config, boolean shared) {
        if (!shared || !config.guests().enabled() || config.guests().secret().isPresent()) {
            return List.of();
        }
        return List.of(
                "Guests are on (parley.guests.enabled) and several instances may share Redis, so all need one key:"
                        + " set parley.guests.secret to the same random text of at least 32 bytes on each, for example the"
                        + " output of 'openssl rand -base64 32'.");
    }

    /** What Quarkus lets pass, but Parley cannot use. */
    static List<String> redisProblems(List<String> hosts, String type) {
        List<String> problems = new ArrayList<>();
        if (type.equals("replication")) {
            problems.add("quarkus.redis.client-type is replication, but Parley does not read from replicas: set it to"
                    + " standalone, sentinel or cluster.");
        }
        if (type.equals("cluster") && hosts.stream().anyMatch(host -> host.matches(".*://[^/]*/[1-9].*"))) {
            problems.add(
                    "quarkus.redis.hosts names a database, but a Redis Cluster has only the first: leave the number"
                            + " after the slash out.");
        }
        return problems;
    }

    /** What works, but likely not as meant. */
    static List<String> warnings(ParleyConfig config) {
        List<String> warnings = new ArrayList<>();
        if (config.tracing().url().isEmpty()) {
            String idle = config.tracing().ratio() > 0
                    ? "parley.tracing.ratio"
                    : config.tracing().headers().isPresent() ? "parley.tracing.headers" : null;
            if (idle != null) {
                warnings.add(idle + " is set, but nothing is traced: parley.tracing.url says where spans go.");
            }
        }
        Duration drain = config.drain().pause().plus(config.drain().window());
        if (drain.compareTo(GRACE) < 0) {
            return warnings;
        }
        warnings.add(
                "parley.drain.pause and parley.drain.window take " + drain.toSeconds()
                        + " s together, but Kubernetes kills a pod after 30 s unless told otherwise: set its"
                        + " terminationGracePeriodSeconds (in compose: stop_grace_period) to more than that, or shorten the drain.");
        return warnings;
    }
}
