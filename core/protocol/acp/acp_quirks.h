// AcpQuirks: what differs between agents that all speak the Agent Client Protocol, as data of the runtime
// catalog. Source: facts "agents" §5.3. Value type, any thread.
#pragma once

#include "core/base/enum_names.h"
#include "core/events/reasons.h"

#include <QJsonObject>
#include <QString>

#include <cstdint>
#include <vector>

namespace muster {

// What the usage in the answer to a prompt counts.
enum class UsageMeaning : std::uint8_t { LastCall, Turn, SessionCumulative };

template <> struct EnumNames<UsageMeaning> {
    static constexpr std::array table{
        std::pair{UsageMeaning::LastCall, "last_call"},
        std::pair{UsageMeaning::Turn, "turn"},
        std::pair{UsageMeaning::SessionCumulative, "session_cumulative"},
    };
};

enum class ResumeMethod : std::uint8_t { Resume, Load };

template <> struct EnumNames<ResumeMethod> {
    static constexpr std::array table{
        std::pair{ResumeMethod::Resume, "resume"},
        std::pair{ResumeMethod::Load, "load"},
    };
};

// An agent that reports an error as its own text: where the turn's last message matches, the turn failed.
// Also tried on the words of an error that has no telling code.
struct ErrorText {
    QString pattern; // regular expression; from the catalog, never from an agent or a person
    FailureReason reason = FailureReason::RuntimeError;
};

struct AcpQuirks {
    UsageMeaning usage = UsageMeaning::Turn;
    std::vector<ResumeMethod> resumeBy{ResumeMethod::Resume, ResumeMethod::Load}; // first that is offered
    qint64 loadMinAgeMs = 0; // a session younger than this loses its history when it is loaded
    QString mode;            // session mode to set before the first prompt, so that the agent asks
    QJsonObject configOptions;
    std::vector<ErrorText> errorTexts;
    bool offersFileRead = false;
    bool offersFileWrite = false;
    bool takesMcpServers = true; // over stdio, in session/new
    // By a flag instead, with "@" and the name of a file; empty: it has none.
    QString mcpFileFlag;
    // It puts what it gets into arguments of other programs, which everybody can see.
    bool showsMcpValues = false;
};

} // namespace muster
