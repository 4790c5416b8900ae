// LockedBytes: bytes of which no copy stays behind: in memory that is not swapped out where the system allows
// it, that is not in a core dump, and that is wiped as it is given back. Moved, never copied. One thread at a
// time.
#pragma once

#include <QByteArrayView>

#include <cstddef>
#include <span>
#include <utility>

class QByteArray;
class QString;

namespace muster {

class LockedBytes {
public:
    LockedBytes() = default;
    explicit LockedBytes(std::size_t size); // without content; empty if there is no memory for it
    ~LockedBytes();
    LockedBytes(LockedBytes &&other) noexcept
        : m_data(std::exchange(other.m_data, nullptr))
        , m_size(std::exchange(other.m_size, 0))
    {
    }
    LockedBytes &operator=(LockedBytes &&other) noexcept
    {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
        return *this;
    }
    LockedBytes(const LockedBytes &) = delete;
    LockedBytes &operator=(const LockedBytes &) = delete;

    [[nodiscard]] unsigned char *data() { return m_data; }
    [[nodiscard]] const unsigned char *data() const { return m_data; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::span<const unsigned char> span() const { return {m_data, m_size}; }

private:
    unsigned char *m_data = nullptr;
    std::size_t m_size = 0;
};

// UTF-8 in the composed form, so that what looks the same is the same on every keyboard.
[[nodiscard]] LockedBytes lockedUtf8(const QString &text);

// The content of a temporary copy of our own.
void wipe(QByteArray &bytes);

} // namespace muster
