package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ServerFrame;
import org.junit.jupiter.api.Test;

/** Whatever is written is read as what it was. */
class RoundTripTest {
    private static final int FRAMES = 20_000;

    private final long seed = Seed.next();
    private final FrameGenerator generator = new FrameGenerator(seed);
    private final FrameReader reader = new FrameReader(1024 * 1024);

    @Test
    void clientFramesComeBackAsTheyWere() {
        for (int i = 0; i < FRAMES; i++) {
            ClientFrame frame = generator.clientFrame();
            byte[] utf8 = FrameWriter.write(frame);

            assertThat(utf8).as(Seed.sentence(seed)).doesNotContain('\n', '\r');
            assertThat(reader.readClient(utf8, 0, utf8.length))
                    .as(Seed.sentence(seed))
                    .isEqualTo(frame);
        }
    }

    @Test
    void serverFramesComeBackAsTheyWere() {
        for (int i = 0; i < FRAMES; i++) {
            ServerFrame frame = generator.serverFrame();
            byte[] utf8 = FrameWriter.write(frame);

            assertThat(utf8).as(Seed.sentence(seed)).doesNotContain('\n', '\r');
            assertThat(reader.readServer(utf8, 0, utf8.length))
                    .as(Seed.sentence(seed))
                    .isEqualTo(frame);
        }
    }

    @Test
    void theHeadOfAMessageComesBackAndOtherFramesHaveNone() {
        for (int i = 0; i < FRAMES; i++) {
            ServerFrame frame = generator.serverFrame();
            byte[] utf8 = FrameWriter.write(frame);

            assertThat(FrameReader.readMessageHead(utf8, 0, utf8.length))
                    .as(Seed.sentence(seed))
                    .isEqualTo(
                            frame instanceof ServerFrame.Message message
                                    ? new MessageHead(message.channel(), message.at())
                                    : null);
        }
    }

    @Test
    void envelopesComeBackAsTheyWere() {
        for (int i = 0; i < FRAMES; i++) {
            Envelope envelope = generator.envelope();
            byte[] utf8 = FrameWriter.envelope(envelope);

            assertThat(reader.readEnvelope(utf8, 0, utf8.length))
                    .as(Seed.sentence(seed))
                    .isEqualTo(envelope);
        }
    }
}
