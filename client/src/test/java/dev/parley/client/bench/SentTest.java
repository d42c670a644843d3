package dev.parley.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentTest {

    @Test
    void remembersEachUntilItsAnswerWhateverTheOrder() {
        Random random = new Random(3);
        Sent sent = new Sent();
        Map<Long, Integer> waiting = new HashMap<>();
        for (int round = 0; round < 20_000; round++) {
            if (random.nextInt(100) < 52) {
                waiting.put(sent.add(round, round * 10L), round);
            } else if (!waiting.isEmpty()) {
                long id = waiting.keySet().iterator().next();
                assertThat(sent.waits(id)).isTrue();
                assertThat(sent.channel(id)).isEqualTo(waiting.get(id));
                assertThat(sent.due(id)).isEqualTo(waiting.remove(id) * 10L);
                sent.forget(id);
                assertThat(sent.waits(id)).isFalse();
            }
        }
        assertThat(sent.waits(0)).isFalse();
        assertThat(sent.waits(1_000_000)).isFalse();
    }
}
