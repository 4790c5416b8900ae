// AsyncOwner: the base of whatever has sequences (Async) for members, or lends itself to one by reference.
// What is under way of them ends with it: as it is destroyed, so are they, and whoever waits for one is told
// Cancelled. One that is on the stack just then goes on to its next co_await and no further.
//
// Locals of a sequence go after the members of its owner, so they must not use those as they are destroyed.
// Thread: the owner's, for everything.
#pragma once

#include <coroutine>
#include <utility>
#include <vector>

namespace muster {

class AsyncFrame;

class AsyncOwner {
public:
    AsyncOwner() = default;
    AsyncOwner(const AsyncOwner &) = delete;
    AsyncOwner &operator=(const AsyncOwner &) = delete;

protected:
    ~AsyncOwner();

private:
    friend class AsyncFrame;
    mutable std::vector<AsyncFrame *> m_frames; // also of sequences that are const members
};

// A sequence under way, as its owner knows it.
class AsyncFrame {
public:
    AsyncFrame() = default; // of one that holds all it uses
    explicit AsyncFrame(const AsyncOwner *owner)
        : m_owner(owner)
    {
        if (m_owner)
            m_owner->m_frames.push_back(this);
    }
    ~AsyncFrame()
    {
        if (m_owner)
            std::erase(m_owner->m_frames, this);
    }
    AsyncFrame(const AsyncFrame &) = delete;
    AsyncFrame &operator=(const AsyncFrame &) = delete;

    // What it would use next has gone.
    [[nodiscard]] bool isOrphan() const { return m_isOrphan; }
    void wait(std::coroutine_handle<> self) { m_waiting = self; }
    void goOn() { std::exchange(m_waiting, {}).resume(); }

private:
    friend class AsyncOwner;
    void loseOwner()
    {
        m_owner = nullptr;
        m_isOrphan = true;
        if (m_waiting)
            m_waiting.destroy(); // and this with it
    }

    const AsyncOwner *m_owner = nullptr;
    std::coroutine_handle<> m_waiting; // none: it is on the stack
    bool m_isOrphan = false;
};

inline AsyncOwner::~AsyncOwner()
{
    while (!m_frames.empty()) {
        AsyncFrame *frame = m_frames.back();
        m_frames.pop_back();
        frame->loseOwner();
    }
}

} // namespace muster
