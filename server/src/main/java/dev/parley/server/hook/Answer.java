package dev.parley.server.hook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.protocol.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/**
 * What a webhook answers when it is asked to decide: nothing at all, or an object whose fields may all be absent.
 *
 * @param accept whether it consents; absent it does
 * @param detail why not, for the user
 * @param data another payload
 * @param event another event
 * @param name another name
 * @param roles other roles
 */
record Answer(boolean accept, String detail, RawJson data, String event, String name, Set<String> roles) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Answer CONSENT = new Answer(true, null, null, null, null, null);

    /** Reads it; fails for what is no such object. */
    static Answer read(byte[] body) {
        if (body.length == 0) {
            return CONSENT;
        }
        boolean accept = true;
        String detail = null;
        RawJson data = null;
        String event = null;
        String name = null;
        Set<String> roles = null;
        try (JsonParser json = JSON.createParser(body)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "accept" -> {
                        require(value.isBoolean());
                        accept = value == JsonToken.VALUE_TRUE;
                    }
                    case "detail" -> detail = text(json, value);
                    case "data" -> data = raw(json);
                    case "event" -> event = text(json, value);
                    case "name" -> name = text(json, value);
                    case "roles" -> roles = texts(json, value);
                    default -> json.skipChildren();
                }
            }
            return new Answer(accept, detail, data, event, name, roles);
        } catch (IOException e) {
            throw new UncheckedIOException("the answer is no JSON", e);
        }
    }

    private static String text(JsonParser json, JsonToken value) throws IOException {
        require(value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL);
        return value == JsonToken.VALUE_NULL ? null : json.getText();
    }

    private static Set<String> texts(JsonParser json, JsonToken value) throws IOException {
        require(value == JsonToken.START_ARRAY);
        Set<String> texts = new HashSet<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING);
            texts.add(json.getText());
        }
        return texts;
    }

    /** Written anew, so that it is on one line, with its numbers as they were. */
    private static RawJson raw(JsonParser json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator copy = JSON.createGenerator(bytes)) {
            copy.copyCurrentStructureExact(json);
        }
        return RawJson.of(bytes.toByteArray());
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the answer has a field of the wrong kind");
        }
    }
}
