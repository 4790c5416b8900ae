// What tests of chat over a whole node share.
#pragma once

#include "tests/core/node/node_harness.h"

#include <QDir>

namespace muster::testing {

using namespace Qt::StringLiterals;

inline ConversationId conversation(NodeHarness &node)
{
    const auto project = node.submit(api::OpenProject{.demo = true});
    const auto made = node.submit(api::NewConversation{.project = project->text});
    return made ? made->refs.conversation : ConversationId();
}

inline bool send(NodeHarness &node, ConversationId to, const QString &text)
{
    return node.submit(api::SendMessage{.conversation = to, .text = text}).has_value();
}

inline std::vector<api::MessageInfo> messages(NodeHarness &node, ConversationId of)
{
    return node.query(api::ListMessages{.conversation = of}).value_or(std::vector<api::MessageInfo>());
}

// The newest answer once it has this status.
inline std::optional<api::MessageInfo> answer(NodeHarness &node, ConversationId of, MessageStatus status)
{
    std::optional<api::MessageInfo> found;
    (void)waitFor([&] {
        const auto all = messages(node, of);
        if (!all.empty() && all.back().role == u"assistant" && all.back().status == status)
            found = all.back();
        return found.has_value();
    });
    return found;
}

// The demo agents that work in projects of this home.
inline QList<qint64> agents(const QString &home)
{
    const auto isAgent = [](const QString &pid) {
        return QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).endsWith(u"/muster-demo-agent");
    };
    // A child of an agent is that program too until it has become the one that it is to be.
    const auto parentOf = [](const QString &pid) {
        QFile stat(u"/proc/%1/stat"_s.arg(pid));
        const QByteArray text = stat.open(QIODevice::ReadOnly) ? stat.readAll() : QByteArray();
        return QString::fromLatin1(text.mid(text.lastIndexOf(')') + 2).split(' ').value(1));
    };
    QList<qint64> pids;
    const QStringList all = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString &pid : all) {
        if (isAgent(pid) && !isAgent(parentOf(pid)) &&
            QFile::symLinkTarget(u"/proc/%1/cwd"_s.arg(pid)).startsWith(home))
            pids += pid.toLongLong();
    }
    return pids;
}

// Of each session of a conversation, whether it went on from an earlier one.
inline QList<bool> startsResumed(NodeHarness &node, ConversationId of)
{
    QList<bool> resumed;
    const auto events = node.query(api::ListEvents{.filter = {.conversation = of}});
    for (const Event &event : events.value_or(std::vector<Event>())) {
        if (event.kind == u"session.started")
            resumed += event.data.value(u"resumed"_s).toBool();
    }
    return resumed;
}

// A question that is answered at once; `messagesAfter`: in the conversation then, the answer included.
inline bool ask(NodeHarness &node, ConversationId to, size_t messagesAfter)
{
    return send(node, to, u"How many files are there?"_s) && waitFor([&] {
        const auto all = messages(node, to);
        return all.size() == messagesAfter && all.back().status == MessageStatus::Complete;
    });
}

} // namespace muster::testing
