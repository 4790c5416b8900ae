// FlowBundle: a flow with all flows that it starts, directly or over others, as their names stand for files
// now. Each is read once. Reads files: on a worker thread, one at a time.
#pragma once

#include "core/node/flows/flow_library.h"

#include <QHash>

namespace muster {

class FlowBundle {
public:
    // `projectRoot`: of the files that flows name; empty: they are not looked at. `names`: what there is
    // beside flows.
    FlowBundle(const FlowLibrary &library, QString projectRoot, FlowLookups names,
               QHash<QString, ResolvedFile> flows);
    ~FlowBundle() = default;
    Q_DISABLE_COPY_MOVE(FlowBundle) // its lookups call it

    // `path`: of the file that the text is of; a flow that leads back to it is refused.
    [[nodiscard]] LoadedFlow load(const QByteArray &text, const QString &path);

private:
    struct Known {
        NamedFlow flow;
        OtherFlow other;
    };

    struct Read {
        QByteArray text; // with what it takes in from files
        FlowParseResult parsed;
    };
    [[nodiscard]] Read parse(const QByteArray &text, const QString &path);
    [[nodiscard]] OtherFlow look(const QString &name);
    [[nodiscard]] Known read(const QString &name, const ResolvedFile &file);

    const FlowLibrary &m_library;
    QString m_projectRoot;
    FlowLookups m_lookups;
    QHash<QString, ResolvedFile> m_files;
    QHash<QString, Known> m_known; // what has been read
    struct Open {
        QString name;
        QString path;
        int depth = 1; // of what it leads to, as far as known
    };
    std::vector<Open> m_open; // what is being read, each for the one before it
};

} // namespace muster
