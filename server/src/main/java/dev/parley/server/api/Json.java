package dev.parley.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.json.Utf8;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The small bodies that are no frames, read and written by streaming. Any thread. */
final class Json {

    /** Names are not kept: callers could fill the table of all names ever met. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /** Writes the fields of an object. */
    @FunctionalInterface
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** One JSON object. */
    static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** An answer whose body is these bytes. */
    static Response answer(int status, byte[] json) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(json)
                .build();
    }

    /** An answer whose body is one JSON object. */
    static Response answer(int status, Fields fields) {
        return answer(status, object(fields));
    }

    /**
     * Reads one string field of an object; other fields are passed over.
     *
     * @param body a JSON object, or nothing
     * @param name the field's name
     * @return the string; null where the body is empty or the field is absent or null
     * @throws ProtocolException ({@code bad_frame}) for anything that is no object, or a field of another kind
     */
    static String stringField(byte[] body, String name) {
        if (body.length == 0) {
            return null;
        }
        try (JsonParser json = FACTORY.createParser(body)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "the body is no JSON object");
            String found = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (!field.equals(name)) {
                    json.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    require(value == JsonToken.VALUE_STRING, name + " is not a string");
                    require(found == null, name + " is given twice");
                    found = json.getText();
                }
            }
            require(json.nextToken() == null, "something follows the JSON object");
            return found;
        } catch (JsonProcessingException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "the body is no JSON object");
        } catch (IOException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "the body is not readable as JSON");
        }
    }

    /**
     * Finds the objects in an array that is an object's only known field.
     *
     * @param body a JSON object
     * @param name the field's name
     * @param most objects at most
     * @return each object by itself
     * @throws ProtocolException ({@code bad_frame}) for anything else
     */
    static List<byte[]> objects(byte[] body, String name, int most) {
        require(Utf8.isValid(body, 0, body.length), "the body is not UTF-8");
        String text = new String(body, StandardCharsets.UTF_8);
        List<byte[]> found = null;
        try (JsonParser json = FACTORY.createParser(text)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "the body is no JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean meant = json.currentName().equals(name);
                JsonToken value = json.nextToken();
                if (!meant) {
                    json.skipChildren();
                    continue;
                }
                require(found == null, name + " is given twice");
                require(value == JsonToken.START_ARRAY, name + " is no array");
                found = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    require(json.currentToken() == JsonToken.START_OBJECT, name + " has something that is no object");
                    require(found.size() < most, name + " has more than " + most);
                    int begin = (int) json.currentTokenLocation().getCharOffset();
                    json.skipChildren();
                    int end = (int) json.currentLocation().getCharOffset();
                    found.add(text.substring(begin, end).getBytes(StandardCharsets.UTF_8));
                }
            }
            require(json.nextToken() == null, "something follows the JSON object");
        } catch (JsonProcessingException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "the body is no JSON object");
        } catch (IOException e) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "the body is not readable as JSON");
        }
        require(found != null, name + " is missing");
        return found;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, otherwise);
        }
    }
}
