package dev.resound.bench.load;

/** When the messages that are on their way were sent, oldest first. */
final class Times {

    /** Its length is a power of two. */
    private long[] ring = new long[32];

    private int head;
    private int size;

    int size() {
        return size;
    }

    void add(long time) {
        if (size == ring.length) {
            long[] larger = new long[2 * size];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[(head + i) & (size - 1)];
            }
            ring = larger;
            head = 0;
        }
        ring[(head + size++) & (ring.length - 1)] = time;
    }

    long remove() {
        long time = ring[head];
        head = (head + 1) & (ring.length - 1);
        size--;
        return time;
    }
}
