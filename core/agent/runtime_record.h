// RuntimeRecord: one way to run an agent, as data. Read from resources/runtimes/*.json (runtime_catalog.h).
// Value type, any thread. Source: spec "agents", Runtime catalog.
#pragma once

#include "core/protocol/acp/acp_quirks.h"
#include "core/protocol/claude/stream_json_quirks.h"

#include <QString>
#include <QStringList>

namespace muster {

struct RuntimeAbilities {
    bool streamsText = true;
    bool reportsTools = true;
    bool asksPermission = true;
    bool canCancel = true;
    bool canResume = false;
    bool canSteer = false;
    bool reportsCost = false;
    bool limitsTurns = false;
    bool limitsCost = false;
    bool takesMcp = false;
    bool picksModel = false;
    bool worksOffline = false;
};

// The adapter that a runtime is driven by.
enum class RuntimeProtocol : std::uint8_t { Acp, StreamJson };

template <> struct EnumNames<RuntimeProtocol> {
    static constexpr std::array table{std::pair{RuntimeProtocol::Acp, "acp"},
                                      std::pair{RuntimeProtocol::StreamJson, "stream_json"}};
};

struct RuntimeRecord {
    QString id;
    QString label;
    RuntimeProtocol protocol = RuntimeProtocol::Acp;
    // argv[0] is the program. "{bin}" stands for the folder of the running binary.
    QStringList argv;
    QStringList env;     // "NAME=value", set for the child
    QStringList passEnv; // names of variables of ours that the child may see beyond the allow list
    QString defaultModel;
    QStringList models;
    RuntimeAbilities abilities;
    AcpQuirks quirks;
    StreamJsonQuirks streamJson;
    qint64 handshakeTimeoutMs = 60000;
    bool builtIn = false;
};

} // namespace muster
