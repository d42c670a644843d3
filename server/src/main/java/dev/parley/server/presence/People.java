package dev.parley.server.presence;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The users whom this instance knows in one group, in the order in which they came. There are as many of these as groups, and in nearly all are few: then they lie in an
 * array, since the nodes of maps took more than all that is known of the users. Guarded by the {@link Room} it belongs to.
 */
final class People {

    /** With so many a look through all of them takes about as long as one into a map. */
    private static final int FEW = 16;

    private static final Person[] NONE = {};

    private Person[] few = NONE;

    /** Null up to {@value #FEW}. */
    private Map<String, Person> many;

    private int here;
    private int told;

    /** The user, or null. */
    Person get(String user) {
        if (many != null) {
            return many.get(user);
        }
        for (Person person : few) {
            if (person.user.equals(user)) {
                return person;
            }
        }
        return null;
    }

    /** A connection of this instance follows. @return whether that changed anything */
    boolean add(String user, String name, String connection) {
        Person person = known(user);
        here += person.here == null ? 1 : 0;
        return person.add(name, connection);
    }

    /** A connection of this instance follows no more. @return whether that changed anything */
    boolean remove(String user, String connection) {
        Person person = get(user);
        if (person == null || !person.remove(connection)) {
            return false;
        }
        if (person.here == null) {
            here--;
            dropIfNothing(person);
        }
        return true;
    }

    /** With what a user is on here, or null. */
    Here here(String user) {
        Person person = get(user);
        return person == null ? null : person.here;
    }

    /** How many are on here. */
    int here() {
        return here;
    }

    /** With what a user is taken for on, or null. */
    Here told(String user) {
        Person person = get(user);
        return person == null ? null : person.told;
    }

    /** How many are taken for on. */
    int told() {
        return told;
    }

    /** Followers take a user for on from now on. */
    void tell(String user, Here with) {
        Person person = known(user);
        told += person.told == null ? 1 : 0;
        // The same object where it says the same: there is one for each user in each group.
        person.told = with.equals(person.here) ? person.here : with;
    }

    /** Followers take a user for gone from now on. @return for what the user was taken before, or null */
    Here untell(String user) {
        Person person = get(user);
        Here before = person == null ? null : person.told;
        if (before != null) {
            person.told = null;
            told--;
            dropIfNothing(person);
        }
        return before;
    }

    /** Nobody is taken for on any more. */
    void untellAll() {
        for (Person person : List.copyOf(all())) {
            untell(person.user);
        }
    }

    /** All of them; not to be kept. */
    Collection<Person> all() {
        return many == null ? Arrays.asList(few) : many.values();
    }

    private Person known(String user) {
        Person person = get(user);
        if (person == null) {
            person = new Person(user);
            put(person);
        }
        return person;
    }

    private void put(Person person) {
        if (many == null && few.length == FEW) {
            many = new LinkedHashMap<>();
            for (Person one : few) {
                many.put(one.user, one);
            }
            few = NONE;
        }
        if (many != null) {
            many.put(person.user, person);
        } else {
            few = Arrays.copyOf(few, few.length + 1);
            few[few.length - 1] = person;
        }
    }

    private void dropIfNothing(Person person) {
        if (person.here != null || person.told != null) {
            return;
        }
        if (many == null) {
            few = Arrays.stream(few).filter(one -> one != person).toArray(Person[]::new);
            return;
        }
        many.remove(person.user);
        if (many.size() <= FEW / 2) {
            few = many.values().toArray(Person[]::new);
            many = null;
        }
    }
}
