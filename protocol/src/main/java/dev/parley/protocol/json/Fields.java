package dev.parley.protocol.json;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.json.JsonScanner.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A walk over the fields of one JSON object. Whoever walks calls {@link #next()} and then exactly one method that takes the value: one named after the
 * wanted kind, or {@link #skip()}. All of them answer null for JSON's null, and {@code bad_frame} with the field's name for a wrong kind or a name
 * that came before. Used by one thread, for one object.
 */
final class Fields {
    private final JsonScanner json;
    private final Fields parent;
    /** The names that were read so far; one that nobody knows may come twice. */
    private String[] taken = new String[6];

    private int takenCount;
    private String name;
    private Kind value;
    private boolean pending;
    private boolean inList;

    private Fields(JsonScanner json, Fields parent) {
        this.json = json;
        this.parent = parent;
    }

    /** Opens the object that is the whole of a range of well-formed UTF-8. */
    static Fields open(Rules rules, byte[] utf8, int offset, int length) {
        JsonScanner json = new JsonScanner(rules, utf8, offset, length);
        if (json.isAtEnd() || json.value() != Kind.OBJECT) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "not a JSON object");
        }
        return new Fields(json, null);
    }

    /** Nothing may follow the object. */
    void end() {
        if (!json.isAtEnd()) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "something follows the JSON object");
        }
    }

    /** The {@code type} where it is the first field, as nearly always; else null, and the walk begins at the first field all the same. */
    String leadingType() {
        pending = next();
        if (!pending || !name.equals("type")) {
            return null;
        }
        pending = false;
        return text();
    }

    /** Goes to the next field; false at the object's end. */
    boolean next() {
        if (pending) {
            pending = false;
            return true;
        }
        if (!json.nextField()) {
            return false;
        }
        name = json.name();
        value = json.value();
        return true;
    }

    /** The field's name. */
    String name() {
        return name;
    }

    /** Passes over a field that means nothing here. */
    void skip() {
        if (parent == null && name.equals("type")) {
            take();
        }
        passOver();
    }

    /** Passes over all that is left. */
    void skipAll() {
        while (next()) {
            skip();
        }
    }

    /** A string of any length. */
    String text() {
        return text(Integer.MAX_VALUE);
    }

    /** A string of at most {@code max} characters. */
    String text(int max) {
        take();
        if (value == Kind.NULL) {
            return null;
        }
        if (value != Kind.STRING) {
            throw bad("is not a string");
        }
        String string = json.text();
        if (string.length() > max) {
            throw bad("has more than " + max + " characters");
        }
        if (json.hasHalfPair()) {
            throw bad("has half of a surrogate pair");
        }
        return string;
    }

    /** A string of 1 to {@value Names#ID_MAX} characters, none of them a control character. */
    String label() {
        String label = text(Names.ID_MAX);
        if (label != null) {
            if (label.isEmpty()) {
                throw bad("is empty");
            }
            for (int i = 0; i < label.length(); i++) {
                if (Character.isISOControl(label.charAt(i))) {
                    throw bad("has a control character");
                }
            }
        }
        return label;
    }

    /** A string of at most {@code max} characters, none of them a control character; perhaps empty. */
    String line(int max) {
        String line = text(max);
        if (line != null && line.chars().anyMatch(Character::isISOControl)) {
            throw bad("has a control character");
        }
        return line;
    }

    /** An integer from 0 to 2<sup>53</sup> − 1. */
    Long count() {
        take();
        if (value == Kind.NULL) {
            return null;
        }
        long number = isShortInteger() ? json.integer() : -1;
        if (number < 0 || number > Limits.COUNT_MAX) {
            throw bad("is not an integer from 0 to 2^53-1");
        }
        return number;
    }

    /** An integer from 0 to 2<sup>31</sup> − 1. */
    Integer smallCount() {
        Long count = count();
        if (count != null && count > Integer.MAX_VALUE) {
            throw bad("is not an integer from 0 to 2^31-1");
        }
        return count == null ? null : count.intValue();
    }

    /** True or false. */
    Boolean flag() {
        take();
        return switch (value) {
            case NULL -> null;
            case TRUE -> Boolean.TRUE;
            case FALSE -> Boolean.FALSE;
            default -> throw bad("is neither true nor false");
        };
    }

    /** A request's id. */
    RequestId requestId() {
        if (value == Kind.STRING) {
            return new RequestId.Text(text(Names.ID_MAX));
        }
        take();
        if (value == Kind.NULL) {
            return null;
        }
        long number = isShortInteger() ? json.integer() : Long.MAX_VALUE;
        if (number < -Limits.COUNT_MAX || number > Limits.COUNT_MAX) {
            throw bad("is neither a string nor an integer between -2^53 and 2^53");
        }
        return new RequestId.Number(number);
    }

    /** The name of a group. */
    Address.Group group() {
        String group = text();
        return group == null ? null : new Address.Group(group);
    }

    /** One of a closed choice. */
    <E> E choice(E[] choices, Function<E, String> wire) {
        String chosen = text();
        if (chosen == null) {
            return null;
        }
        for (E choice : choices) {
            if (wire.apply(choice).equals(chosen)) {
                return choice;
            }
        }
        throw bad("is none of the values there are");
    }

    /** An object, to be walked to its end before this walk goes on. */
    Fields object() {
        take();
        if (value == Kind.NULL) {
            return null;
        }
        if (value != Kind.OBJECT) {
            throw bad("is not an object");
        }
        return new Fields(json, this);
    }

    /** Whether the value is an array: where a name means two things, this tells which. */
    boolean isList() {
        return value == Kind.ARRAY;
    }

    /** An array of at most {@code max} elements, none of them null; {@code element} calls one method that takes a value. */
    <T> List<T> list(int max, Function<Fields, T> element) {
        take();
        if (value == Kind.NULL) {
            return null;
        }
        if (value != Kind.ARRAY) {
            throw bad("is not an array");
        }
        List<T> list = new ArrayList<>();
        inList = true;
        while (json.nextElement()) {
            value = json.value();
            if (list.size() == max) {
                throw bad("has more than " + max + " elements");
            }
            if (value == Kind.NULL) {
                throw bad("has an element that is null");
            }
            list.add(element.apply(this));
        }
        inList = false;
        return Collections.unmodifiableList(list);
    }

    /** Any value, null included, as it was written, but on one line. */
    RawJson raw() {
        take();
        int begin = json.valueAt();
        passOver();
        return RawJson.of(json.from(begin));
    }

    /** An object with {@code epoch} and {@code seq}; null for anything else, so that the caller chooses how bad that is. */
    Cursor cursorOrNull() {
        if (value != Kind.OBJECT) {
            passOver();
            return null;
        }
        String epoch = null;
        long seq = -1;
        boolean good = true;
        while (json.nextField()) {
            String field = json.name();
            value = json.value();
            if (field.equals("epoch") && value == Kind.STRING) {
                epoch = json.text();
                good = !json.hasHalfPair();
            } else if (field.equals("seq") && isShortInteger()) {
                seq = json.integer();
            } else {
                passOver();
            }
        }
        good &= epoch != null
                && !epoch.isEmpty()
                && epoch.length() <= Names.ID_MAX
                && seq >= 0
                && seq <= Limits.COUNT_MAX;
        return good ? new Cursor(epoch, seq) : null;
    }

    /** The value, unless the field {@code name} was absent. */
    <T> T require(T value, String name) {
        if (value == null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, path() + name + " is missing");
        }
        return value;
    }

    /** A refusal that names the present field. */
    ProtocolException bad(String what) {
        return new ProtocolException(ErrorCode.BAD_FRAME, path() + name + " " + what);
    }

    private String path() {
        return parent == null ? "" : parent.path() + parent.name + ".";
    }

    /** Notes that a known field is read; a second one of the name is refused, for nobody knows which one was meant. */
    private void take() {
        if (inList) {
            return;
        }
        for (int i = 0; i < takenCount; i++) {
            if (taken[i].equals(name)) {
                throw bad("is given twice");
            }
        }
        if (takenCount == taken.length) {
            taken = Arrays.copyOf(taken, 2 * takenCount);
        }
        taken[takenCount++] = name;
    }

    /** Goes to the end of the present value. */
    private void passOver() {
        if (value == Kind.OBJECT || value == Kind.ARRAY) {
            json.leave();
        }
    }

    /** Integral in syntax, and short enough for a long. */
    private boolean isShortInteger() {
        return value == Kind.INTEGER && json.length() <= 18;
    }
}
