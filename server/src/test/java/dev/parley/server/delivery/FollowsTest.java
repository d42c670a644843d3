package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The table of follows beside a map. */
class FollowsTest {
    private final Follows follows = new Follows();
    private final Map<String, Follow> map = new HashMap<>();

    @RepeatedTest(20)
    void findsWhatAMapFinds(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        int channels = 1 + random.nextInt(60);
        for (int step = 0; step < 3000; step++) {
            // "Aa" and "BB" have the same hash, so some of them collide however large the table is.
            int number = random.nextInt(channels);
            String channel = (number % 2 == 0 ? "Aa" : "BB").repeat(3) + number / 2;
            Follow known = map.get(channel);
            assertThat(follows.get(channel)).isSameAs(known);
            if (known == null) {
                Follow follow = new Follow(new Followers(channel, null, null), null);
                map.put(channel, follow);
                follows.add(follow);
            } else if (random.nextInt(3) > 0) {
                map.remove(channel);
                follows.remove(known);
                follows.remove(known);
            }
            assertThat(follows.all()).containsExactlyInAnyOrderElementsOf(map.values());
        }
    }
}
