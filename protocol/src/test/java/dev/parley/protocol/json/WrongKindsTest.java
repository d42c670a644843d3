package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each field of each frame, at any depth, given each kind of value: the reader and the schemas of {@code asyncapi.yaml} refuse the same ones. */
class WrongKindsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> KINDS = List.of(
            "true", "0", "-1", "1.5", "9007199254740992", "\"\"", "\"a b\"", "[]", "[1]", "[{}]", "{}", "{\"a\":1}");

    private final FrameReader reader = new FrameReader(64 * 1024);

    static List<Golden> ofClient() {
        return Golden.ofClient();
    }

    static List<Golden> ofServer() {
        return Golden.ofServer();
    }

    @ParameterizedTest
    @MethodSource("ofClient")
    void theServerTakesWhatTheSchemaAllowsAndNothingElse(Golden golden) throws JsonProcessingException {
        forEachChange(
                golden,
                changed -> assertThat(isRead(golden, changed))
                        .as("read %s", changed)
                        .isEqualTo(AsyncApi.allows(golden, changed)));
    }

    /** Clients are let take more, so that a newer server does not stop them. */
    @ParameterizedTest
    @MethodSource("ofServer")
    void aClientTakesWhateverTheSchemaAllows(Golden golden) throws JsonProcessingException {
        forEachChange(golden, changed -> {
            boolean read = isRead(golden, changed);
            if (AsyncApi.allows(golden, changed)) {
                assertThat(read).as("read %s", changed).isTrue();
            }
        });
    }

    @Test
    void mostChangesAreRefused() throws JsonProcessingException {
        List<Boolean> read = new ArrayList<>();
        for (Golden golden : Golden.ofClient()) {
            forEachChange(golden, changed -> read.add(isRead(golden, changed)));
        }

        assertThat(read).hasSizeGreaterThan(1000);
        assertThat(read.stream().filter(taken -> !taken).count()).isGreaterThan(read.size() * 2L / 3);
    }

    private boolean isRead(Golden golden, JsonNode changed) {
        try {
            golden.read(reader, changed.toString().getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (ProtocolException e) {
            assertThat(e.code()).isIn(Set.of(ErrorCode.BAD_FRAME, ErrorCode.UNKNOWN_TYPE));
            return false;
        }
    }

    /** Each field left out, and replaced by each kind of value; those of payloads excepted, for they may be anything. */
    private static void forEachChange(Golden golden, Consumer<JsonNode> test) throws JsonProcessingException {
        JsonNode frame = JSON.readTree(golden.json());
        changeWithin(frame, frame, test);
    }

    private static void changeWithin(JsonNode frame, JsonNode inner, Consumer<JsonNode> test)
            throws JsonProcessingException {
        if (inner instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                // What a resume entry holds concerns that entry only, and is tested with the reader.
                if (!name.equals("type") && !name.equals("data") && !name.equals("resume")) {
                    JsonNode value = object.get(name);
                    changeWithin(frame, value, test);
                    object.remove(name);
                    test.accept(frame);
                    for (String kind : KINDS) {
                        object.set(name, JSON.readTree(kind));
                        test.accept(frame);
                    }
                    object.set(name, value);
                }
            }
        } else if (inner instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                changeWithin(frame, value, test);
                for (String kind : KINDS) {
                    array.set(i, JSON.readTree(kind));
                    test.accept(frame);
                }
                array.set(i, value);
            }
        }
    }
}
