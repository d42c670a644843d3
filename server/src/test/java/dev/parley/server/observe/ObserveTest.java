package dev.parley.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.cluster.Drain;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What operators see of a server without Redis. It is drained in the end, so it is one of its own. */
@QuarkusTest
@TestProfile(ObserveTest.Own.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObserveTest {

    @TestHTTPResource("/")
    URI root;

    @Inject
    Drain drain;

    /** A server that no other test uses. */
    public static final class Own implements QuarkusTestProfile {}

    @Test
    void isAliveAndReady() throws Exception {
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void showsItsFigures() throws Exception {
        assertThat(get("/q/metrics").body())
                .contains(
                        "parley_connections 0.0",
                        "parley_nodes 1.0",
                        "parley_delivery_entries_total",
                        "parley_delivery_behind_total",
                        "parley_delivery_volatile_dropped_total",
                        "parley_delivery_gaps_declared_total",
                        "parley_delivery_gaps_filled_total",
                        "parley_delivery_audit_findings_total");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void isAliveButNotReadyOnceItDrains() throws Exception {
        drain.begin();

        assertThat(get("/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
