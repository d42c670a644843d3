package dev.parley.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The server starts with nothing but itself: no Redis, no containers, no settings. */
@QuarkusTest
class ServerStartsTest {

    @TestHTTPResource("/")
    URI root;

    @Test
    void servesTheChatAtTheRoot() throws IOException, InterruptedException {
        var response = get(root);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("<title>Parley");
    }

    @Test
    void isReadyWithoutRedis() throws IOException, InterruptedException {
        assertThat(get(root.resolve("/q/health/ready")).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
