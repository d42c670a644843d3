package dev.parley.client.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import java.io.IOException;

/** How people's messages look in {@code data}: {@code {"text": "…"}}, as the chat application has it; and how they look on a terminal. */
final class ChatText {
    private static final JsonFactory JSON = new JsonFactory();

    private ChatText() {}

    static RawJson of(String text) {
        return RawJson.of(
                "{\"text\":\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"}");
    }

    /**
     * Takes JSON from a person.
     *
     * @return one value
     * @throws IllegalArgumentException with a sentence, when it is none
     */
    static RawJson ofJson(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() == null) {
                throw new IllegalArgumentException("there is no JSON value");
            }
            json.skipChildren();
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("there is more than one JSON value");
            }
            return RawJson.of(text.strip());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not readable", e);
        }
    }

    /** {@code Ada: hello}, safe for a terminal. */
    static String line(Envelope envelope) {
        String text = read(envelope.data());
        String event = envelope.event().equals(Envelope.DEFAULT_EVENT) ? "" : " [" + envelope.event() + "]";
        String ref = envelope.ref() == null ? "" : " (" + envelope.ref().kind().wire() + ")";
        return Terminal.printable(sender(envelope.from()) + event + ref + ": "
                + (text == null ? envelope.data().toString() : text));
    }

    static String sender(Sender from) {
        if (from instanceof Sender.Person person) {
            return person.name() == null ? person.user() : person.name();
        }
        return from instanceof Sender.Service service ? service.service() : "?";
    }

    /** The {@code text} of an object that has one, else null. */
    private static String read(RawJson data) {
        try (JsonParser json = JSON.createParser(data.utf8())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean text = json.currentName().equals("text");
                    JsonToken value = json.nextToken();
                    if (text) {
                        return value == JsonToken.VALUE_STRING ? json.getText() : null;
                    }
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            // Shown as it came.
        }
        return null;
    }
}
