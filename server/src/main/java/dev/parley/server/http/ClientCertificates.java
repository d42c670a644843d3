package dev.parley.server.http;

import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.Certificates;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Asks clients for a certificate on the TLS port, if that is wished. Quarkus' own property for it is fixed when the server is built, which is not when it is decided.
 * Called at the start, before the ports are opened.
 */
@Singleton
final class ClientCertificates implements HttpServerOptionsCustomizer {
    private static final Logger LOG = Logger.getLogger(ClientCertificates.class);

    private final boolean required;

    ClientCertificates(ParleyConfig config) {
        this.required = config.http().clientCertificates() == Certificates.REQUIRED;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (required) {
            if (options.getTrustOptions() == null) {
                // The JVM's own would take their place, and with them everybody whom some public authority has
                // certified.
                throw new IllegalStateException(
                        "parley.http.client-certificates=required needs quarkus.tls.trust-store.…: whose certificates are to be trusted");
            }
            options.setClientAuth(ClientAuth.REQUIRED);
        }
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        if (required) {
            LOG.warn(
                    "The plain port takes clients without a certificate. Where others than probes reach it, set quarkus.http.insecure-requests=disabled");
        }
    }
}
