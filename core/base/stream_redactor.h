// StreamRedactor: masks registered secrets in a text that comes in pieces, also where one is split between
// them: what may be the beginning of a secret waits for the next piece or the end. One thread.
#pragma once

#include "core/base/redactor.h"

namespace muster {

class StreamRedactor {
public:
    explicit StreamRedactor(const Redactor &redactor = Redactor::global())
        : m_redactor(&redactor)
    {
    }

    // What can be told now; may be empty.
    [[nodiscard]] QString add(const QString &piece)
    {
        m_held += piece;
        return m_redactor->redactSoFar(m_held);
    }
    // No more comes: what was held back.
    [[nodiscard]] QString finish() { return m_redactor->redactKnown(std::exchange(m_held, {})); }

private:
    const Redactor *m_redactor;
    QString m_held;
};

} // namespace muster
