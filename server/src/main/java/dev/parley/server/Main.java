package dev.parley.server;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;

/** Where the process begins: {@code --help} tells of the settings that matter most, anything else on the command line is a mistake, nothing starts the hub. */
@QuarkusMain
public final class Main {

    /** Of the shell's conventions: used in the wrong way. */
    private static final int MISUSED = 2;

    static final String HELP = """
            Parley, a self-hosted real-time message hub.

              java [-Dproperty=value …] -jar quarkus-run.jar

            Starts on port 8080 with messages in memory. The settings that matter first, each also as an environment variable
            (parley.guests.enabled is PARLEY_GUESTS_ENABLED):

              quarkus.http.port=8080              where it listens
              quarkus.redis.hosts=redis://…       keeps messages in Redis; any number of processes on it are one hub
              quarkus.redis.client-type=…         standalone, sentinel or cluster

              parley.guests.enabled=true          lets people in without a token
              parley.guests.secret=…              signs guests' tokens; the same on all instances, 32 bytes or more
              parley.tokens.secret=…              a secret with which your backend signs tokens, or
              parley.tokens.keys=key.pem          public keys of who signs them, or
              parley.tokens.jwks.url=https://…    where an identity provider publishes its keys
              parley.api.keys=backend=…           a key for backends; without one only the role admin calls the HTTP API

              parley.http.origins=https://…       pages of other origins that may use the hub
              parley.proxies.trusted=10.0.0.0/8   load balancers before it, which say where clients really are
              parley.limits.connections=100000    the most connections of this process
              parley.tracing.url=http://…/v1/traces   where OpenTelemetry's spans go; without one nothing is traced
              parley.drain.window=15S             how long its connections are led away after SIGTERM
              quarkus.log.console.json.enabled=true   each line of the log a JSON object

            All of them, with type, bounds and effect: docs/configuration.md. A wrong one stops the start with a sentence that names it.
            Metrics at /q/metrics, health at /q/health.
            """;

    Main() {}

    public static void main(String... arguments) {
        List<String> given = List.of(arguments);
        if (given.contains("--help") || given.contains("-h")) {
            System.out.print(HELP);
        } else if (given.isEmpty()) {
            Quarkus.run();
        } else {
            System.err.println("There is no option " + given.get(0)
                    + ": settings are -Dproperty=value before -jar, or environment variables. --help shows some.");
            System.exit(MISUSED);
        }
    }
}
