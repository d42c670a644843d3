package dev.parley.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The users of one group beside plain maps of the same, as few and as many. */
class PeopleTest {

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 40})
    void isWhatTwoMapsWouldBe(int users) {
        Random random = new Random(users);
        People people = new People();
        Map<String, Set<String>> connections = new LinkedHashMap<>();
        Map<String, Here> told = new LinkedHashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String user = "u" + random.nextInt(users);
            String connection = "c" + random.nextInt(3);
            // For a while more come than go, and then the other way round: it grows and shrinks.
            boolean growing = step / 500 % 2 == 0 == random.nextInt(4) > 0;
            switch (random.nextInt(2)) {
                case 0 -> {
                    Set<String> its = connections.computeIfAbsent(user, id -> new LinkedHashSet<>());
                    boolean changed = growing ? its.add(connection) : its.remove(connection);
                    assertThat(growing ? people.add(user, "N", connection) : people.remove(user, connection))
                            .isEqualTo(changed);
                    if (its.isEmpty()) {
                        connections.remove(user);
                    }
                }
                default -> {
                    Here with = new Here("N", 1 + random.nextInt(2), 5);
                    if (growing) {
                        told.put(user, with);
                        people.tell(user, with);
                    } else {
                        assertThat(people.untell(user)).isEqualTo(told.remove(user));
                    }
                }
            }
            assertThat(people.here()).isEqualTo(connections.size());
            assertThat(people.told()).isEqualTo(told.size());
            assertThat(people.told(user)).isEqualTo(told.get(user));
            Here here = people.here(user);
            assertThat(here == null ? 0 : here.devices())
                    .isEqualTo(connections.getOrDefault(user, Set.of()).size());
        }
        assertThat(people.all())
                .allMatch(person -> person.here != null || person.told != null)
                .extracting(person -> person.user)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 50})
    void keepsTheOrderInWhichTheyCame(int users) {
        People people = new People();
        List<String> names = IntStream.range(0, users).mapToObj(i -> "u" + i).toList();
        names.forEach(user -> people.add(user, "N", "c"));

        assertThat(people.all()).extracting(person -> person.user).isEqualTo(names);
    }

    @Test
    void whoseNameChangesStaysSinceTheFirstConnection() {
        People people = new People();
        people.add("ada", "Ada", "c1");
        Here first = people.here("ada");

        assertThat(people.add("ada", "Ada", "c1")).isFalse();
        assertThat(people.add("ada", "Ada L.", "c1")).isTrue();
        assertThat(people.here("ada")).isEqualTo(new Here("Ada L.", 1, first.since()));
    }

    @Test
    void nobodyIsTakenForOnAfterAllWereUntold() {
        People people = new People();
        people.add("ada", "Ada", "c1");
        people.tell("ada", people.here("ada"));
        people.tell("bob", new Here("Bob", 1, 1));

        people.untellAll();

        assertThat(people.told()).isZero();
        assertThat(people.here()).isEqualTo(1);
        assertThat(people.all()).hasSize(1);
    }
}
