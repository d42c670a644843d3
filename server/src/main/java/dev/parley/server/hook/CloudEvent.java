package dev.parley.server.hook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * An event as webhooks get it: CloudEvents 1.0 in JSON.
 *
 * @param id the same each time it is told
 * @param lane what it is ordered by: its channel, or its connection
 * @param body the JSON
 */
public record CloudEvent(String id, String lane, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Writes the fields of {@code data}. */
    @FunctionalInterface
    interface Data {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Makes one.
     *
     * @param type behind {@code dev.parley.}
     * @param source which instance tells it
     * @param key what makes its id: for the same thing the same, null for an id of its own
     * @param subject the channel or connection
     * @param data the fields of what it tells
     */
    static CloudEvent of(String type, String source, String key, String subject, Data data) {
        String id = key == null
                ? UUID.randomUUID().toString()
                : UUID.nameUUIDFromBytes((type + ' ' + key).getBytes(StandardCharsets.UTF_8))
                        .toString();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", id);
            json.writeStringField("source", "/parley/" + source);
            json.writeStringField("type", "dev.parley." + type);
            json.writeStringField("subject", subject);
            json.writeStringField("time", Instant.now().toString());
            json.writeStringField("datacontenttype", "application/json");
            json.writeObjectFieldStart("data");
            data.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return new CloudEvent(id, subject, bytes.toByteArray());
    }
}
