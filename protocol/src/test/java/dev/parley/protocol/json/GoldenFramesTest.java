package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden frames and the two ways of reading and writing them agree to the byte. */
class GoldenFramesTest {
    private final FrameReader reader = new FrameReader(64 * 1024);

    static List<Golden> all() {
        return Golden.all();
    }

    static Stream<Golden> messages() {
        return Golden.ofServer().stream().filter(golden -> golden.name().startsWith("server/message"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void isWrittenAsItWasRead(Golden golden) {
        Object frame = golden.read(reader, golden.utf8());

        assertThat(new String(Golden.write(frame), StandardCharsets.UTF_8)).isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("all")
    void isReadWhereverInAnArrayItStands(Golden golden) {
        byte[] utf8 = golden.utf8();
        byte[] around = new byte[utf8.length + 20];
        Arrays.fill(around, (byte) '}');
        System.arraycopy(utf8, 0, around, 13, utf8.length);

        Object frame = golden.isOfClient()
                ? reader.readClient(around, 13, utf8.length)
                : reader.readServer(around, 13, utf8.length);

        assertThat(frame).isEqualTo(golden.read(reader, utf8));
    }

    @ParameterizedTest
    @MethodSource("all")
    void isReadWithItsTypeAnywhere(Golden golden) {
        String type = golden.json().substring(1, golden.json().indexOf('"', 9) + 1);
        String rest = golden.json().substring(1 + type.length(), golden.json().length() - 1);
        String typeLast = "{" + (rest.isEmpty() ? "" : rest.substring(1) + ",") + type + "}";

        Object frame = golden.read(reader, typeLast.getBytes(StandardCharsets.UTF_8));

        assertThat(frame).isEqualTo(golden.read(reader, golden.utf8()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsItsHeadAndItsEnvelope(Golden golden) {
        ServerFrame.Message message = (ServerFrame.Message) golden.read(reader, golden.utf8());
        String head = new String(FrameWriter.messageHead(message.channel(), message.at()), StandardCharsets.UTF_8);
        String envelope = new String(FrameWriter.envelope(message.envelope()), StandardCharsets.UTF_8);

        assertThat(head + envelope.substring(1)).isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void anEnvelopeIsReadAsItWasWritten(Golden golden) {
        ServerFrame.Message message = (ServerFrame.Message) golden.read(reader, golden.utf8());
        byte[] envelope = FrameWriter.envelope(message.envelope());

        assertThat(reader.readEnvelope(envelope, 0, envelope.length)).isEqualTo(message.envelope());
    }

    @Test
    void thereIsOneForEveryKindOfFrame() {
        assertThat(kindsOf(Golden.ofClient())).containsExactlyInAnyOrder(ClientFrame.class.getPermittedSubclasses());
        assertThat(kindsOf(Golden.ofServer())).containsExactlyInAnyOrder(ServerFrame.class.getPermittedSubclasses());
    }

    @Test
    void thereIsOneForEveryResultOfARequest() {
        List<Class<?>> results = Golden.ofServer().stream()
                .map(golden -> golden.read(reader, golden.utf8()))
                .filter(ServerFrame.Ack.class::isInstance)
                .<Class<?>>map(ack -> ((ServerFrame.Ack) ack).result().getClass())
                .distinct()
                .toList();

        assertThat(results).containsExactlyInAnyOrder(ServerFrame.Result.class.getPermittedSubclasses());
    }

    private Class<?>[] kindsOf(List<Golden> goldens) {
        return goldens.stream()
                .<Class<?>>map(golden -> golden.read(reader, golden.utf8()).getClass())
                .distinct()
                .toArray(Class<?>[]::new);
    }
}
