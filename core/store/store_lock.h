// StoreLock: who uses the store file. Every process that has it open holds a shared lock on a file beside it;
// only one that gets it alone may set a damaged store aside. Goes with the process, whatever ends it. Where
// the system has no such locks, nobody is ever alone. Thread of its owner.
#pragma once

#include "core/base/result.h"

#include <QString>

namespace muster {

class StoreLock {
public:
    StoreLock() = default;
    ~StoreLock();
    StoreLock(StoreLock &&other) noexcept;
    StoreLock &operator=(StoreLock &&other) noexcept;
    StoreLock(const StoreLock &) = delete;
    StoreLock &operator=(const StoreLock &) = delete;

    // Shared; waits for a process that is setting the store aside just now.
    [[nodiscard]] static Result<StoreLock> share(const QString &storeFile);
    // From shared to alone; false: others have the store open (the shared lock is kept).
    [[nodiscard]] bool tryAlone() const;
    void backToShared() const;

private:
    int m_fd = -1;
};

} // namespace muster
