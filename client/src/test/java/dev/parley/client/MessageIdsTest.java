package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MessageIdsTest {
    @Test
    void idsAreUuidsOfVersionSeven() {
        UUID id = MessageIds.at(0x0123_4567_89ABL);
        assertThat(id.toString()).startsWith("01234567-89ab-7");
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void laterIdsSortBehindEarlierOnes() {
        assertThat(MessageIds.at(1_760_000_000_001L).toString())
                .isGreaterThan(MessageIds.at(1_760_000_000_000L).toString());
    }

    @Test
    void noTwoAreTheSame() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(ids.add(MessageIds.next())).isTrue();
        }
    }
}
