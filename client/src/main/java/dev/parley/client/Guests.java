package dev.parley.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Gets tokens for people without an account, from a hub that lets guests in. Blocks; may be used from any thread. */
public final class Guests {
    private static final JsonFactory JSON = new JsonFactory();

    private Guests() {}

    /**
     * Asks for a guest's token ({@code POST /v1/guests}).
     *
     * @param url where the hub takes connections; guests are made beside it, so {@code wss://example.com/v1/connect} asks
     *     {@code https://example.com/v1/guests}
     * @param name the name to be shown
     * @param timeout how long it may take
     * @return a JWT, for {@link ParleyClientBuilder#token}
     * @throws ParleyException {@code REFUSED} where guests are not let in or the name does not do; {@code UNREACHABLE}
     */
    public static String token(URI url, String name, Duration timeout) {
        URI guests = beside(url);
        HttpRequest request = HttpRequest.newBuilder(guests)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\""
                        + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + "\"}"))
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newBuilder().connectTimeout(timeout).build().send(request, BodyHandlers.ofString());
            Map<String, String> fields = texts(response.body());
            String token = fields.get("token");
            if (response.statusCode() / 100 == 2 && token != null) {
                return token;
            }
            throw refused(guests, response.statusCode(), fields);
        } catch (IOException e) {
            throw new ParleyException(Kind.UNREACHABLE, "cannot reach " + guests + ": " + Reasons.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParleyException(Kind.UNREACHABLE, "interrupted while asking " + guests, e);
        }
    }

    private static URI beside(URI url) {
        String scheme = "wss".equalsIgnoreCase(url.getScheme()) ? "https" : "http";
        return URI.create(scheme + url.toString().substring(url.getScheme().length()))
                .resolve("guests");
    }

    private static ParleyException refused(URI guests, int status, Map<String, String> problem) {
        String detail = problem.getOrDefault("detail", problem.getOrDefault("title", guests + " answers " + status));
        String code = problem.get("code");
        if (code == null && status / 100 != 4) {
            return new ParleyException(Kind.UNREACHABLE, detail);
        }
        return code == null
                ? new ParleyException(Kind.REFUSED, detail)
                : ParleyException.refused(ErrorCode.ofWire(code), detail);
    }

    /** The string fields of a JSON object; none of what is no object. */
    private static Map<String, String> texts(String body) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (json.nextToken() == JsonToken.VALUE_STRING) {
                        texts.put(name, json.getText());
                    } else {
                        json.skipChildren();
                    }
                }
            }
        } catch (IOException e) {
            // Not JSON, so nothing to be told from it; the status is told.
        }
        return texts;
    }
}
