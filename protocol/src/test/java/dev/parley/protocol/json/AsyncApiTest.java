package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code asyncapi.yaml} says what the code does. */
class AsyncApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FrameReader reader = new FrameReader(64 * 1024);

    static List<Golden> all() {
        return Golden.all();
    }

    @Test
    void itsExamplesAreTheGoldenFrames() throws JsonProcessingException {
        Map<String, JsonNode> goldens = new TreeMap<>();
        for (Golden golden : Golden.all()) {
            goldens.put(golden.name(), JSON.readTree(golden.json()));
        }

        assertThat(examples()).containsExactlyInAnyOrderEntriesOf(goldens);
    }

    @Test
    void itsExamplesCanBeRead() {
        examples().forEach((name, frame) -> {
            String json = frame.toString();
            Object read = new Golden(name, json).read(reader, json.getBytes(StandardCharsets.UTF_8));

            assertThat(read).as(name).isNotNull();
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsSchemasAllowTheGoldenFrames(Golden golden) throws JsonProcessingException {
        assertThat(AsyncApi.allows(golden, JSON.readTree(golden.json()))).isTrue();
    }

    @Test
    void itListsTheErrorCodes() {
        assertThat(texts(AsyncApi.DOCUMENT.at("/components/schemas/ErrorCode/enum")))
                .containsExactlyElementsOf(
                        Stream.of(ErrorCode.values()).map(ErrorCode::wire).toList());
    }

    @Test
    void itListsTheCloseCodes() {
        List<String> listed = new ArrayList<>();
        for (JsonNode close : AsyncApi.DOCUMENT.at("/channels/connection/x-close-codes")) {
            listed.add(String.join(" ", texts(close)));
        }

        assertThat(listed)
                .containsExactlyElementsOf(Stream.of(CloseReason.values())
                        .map(reason -> reason.code() + " " + reason.text() + " "
                                + reason.reconnect().name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void everyMessageBelongsToTheChannelAndToAnOperation() {
        List<String> declared = new ArrayList<>();
        AsyncApi.messages().fieldNames().forEachRemaining(declared::add);
        List<String> inChannel = new ArrayList<>();
        AsyncApi.DOCUMENT.at("/channels/connection/messages").fieldNames().forEachRemaining(inChannel::add);
        List<String> inOperations = AsyncApi.DOCUMENT.at("/operations").findValuesAsText("$ref").stream()
                .filter(reference -> reference.contains("/messages/"))
                .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                .distinct()
                .toList();

        assertThat(inChannel).containsExactlyElementsOf(declared);
        assertThat(inOperations).containsExactlyInAnyOrderElementsOf(declared);
    }

    private static Map<String, JsonNode> examples() {
        Map<String, JsonNode> examples = new TreeMap<>();
        for (JsonNode message : AsyncApi.messages()) {
            for (JsonNode example : message.get("examples")) {
                examples.put(example.get("name").asText(), example.get("payload"));
            }
        }
        return examples;
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
