package dev.parley.client.command;

import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which hub, and by what right: the options that all commands share. Filled by picocli. */
final class ServerOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:PARLEY_URL:-ws://localhost:8080/v1/connect}",
            description = "Where the hub takes connections (default: PARLEY_URL, or ws://localhost:8080/v1/connect).")
    URI url;

    @Option(
            names = "--token",
            paramLabel = "JWT",
            defaultValue = "${env:PARLEY_TOKEN}",
            description =
                    "The token to sign in with (default: PARLEY_TOKEN). Without one you are a guest, where the hub"
                            + " lets guests in.")
    String token;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for the hub (default: ${DEFAULT-VALUE}).")
    int timeoutSeconds;

    Duration timeout() {
        return Duration.ofSeconds(Math.max(1, timeoutSeconds));
    }
}
