package dev.parley.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** A backend that calls the HTTP API with a key of its own. */
final class Api {
    static final String KEY = "key-of-the-tests";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;

    Api(URI root) {
        this.root = root;
    }

    /** What came back; {@code body} is null where there is none. */
    record Answer(int status, JsonObject body, HttpResponse<String> response) {

        /** Checks that it is a problem as it should be. */
        Answer isProblem(int status, String code) {
            assertThat(response.body()).doesNotContain("Exception", "dev.parley", "\\tat ", "io.quarkus");
            assertThat(this.status).as(response.body()).isEqualTo(status);
            assertThat(header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(body.keySet()).containsExactlyInAnyOrder("type", "title", "status", "detail", "code");
            assertThat(body.getString("code")).isEqualTo(code);
            assertThat(body.getString("type")).isEqualTo("urn:parley:error:" + code);
            assertThat(body.getInt("status")).isEqualTo(status);
            assertThat(body.getString("detail")).isNotBlank();
            assertThat(body.getString("title")).isNotBlank();
            return this;
        }

        Answer is(int status) {
            assertThat(this.status).as(response.body()).isEqualTo(status);
            return this;
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        String detail() {
            return body.getString("detail");
        }
    }

    Answer get(String path) {
        return call("GET", path, "", Map.of());
    }

    Answer delete(String path) {
        return call("DELETE", path, "", Map.of());
    }

    Answer put(String path, String body) {
        return call("PUT", path, body, Map.of());
    }

    Answer post(String path, String body) {
        return call("POST", path, body, Map.of());
    }

    /** A call by the key, as JSON where there is a body; {@code headers} are set over that, an empty one is not sent. */
    Answer call(String method, String path, String body, Map<String, String> headers) {
        return call(method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers);
    }

    Answer call(String method, String path, HttpRequest.BodyPublisher body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(root.resolve(path)).timeout(PATIENCE).method(method, body);
        if (!headers.containsKey("Authorization")) {
            request.header("Authorization", "Bearer " + KEY);
        }
        if (!headers.containsKey("Content-Type") && body.contentLength() != 0) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) {
                request.header(name, value);
            }
        });
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response), response);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonObject json(HttpResponse<String> response) {
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        return json ? Json.createReader(new StringReader(response.body())).readObject() : null;
    }
}
