package dev.parley.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The document {@code asyncapi.yaml}: its messages, and whether their schemas allow a frame. */
final class AsyncApi {
    static final JsonNode DOCUMENT = load();
    private static final Map<String, JsonSchema> SCHEMAS = new HashMap<>();

    private AsyncApi() {}

    static JsonNode messages() {
        return DOCUMENT.at("/components/messages");
    }

    /** Whether the schema of the message that has {@code golden} for an example allows {@code frame}. */
    static synchronized boolean allows(Golden golden, JsonNode frame) {
        return SCHEMAS.computeIfAbsent(messageOf(golden), AsyncApi::schema)
                .validate(frame)
                .isEmpty();
    }

    private static String messageOf(Golden golden) {
        return messages().properties().stream()
                .filter(message -> message.getValue()
                        .get("examples")
                        .findValuesAsText("name")
                        .contains(golden.name()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError(golden.name() + " is no example in asyncapi.yaml"));
    }

    /** The whole document as a schema that refers to one message within itself, so that all its references hold. */
    private static JsonSchema schema(String message) {
        ObjectNode document = DOCUMENT.deepCopy();
        document.put("$ref", "#/components/messages/" + message + "/payload");
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(document);
    }

    private static JsonNode load() {
        try {
            return new YAMLMapper().readTree(Path.of("asyncapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
