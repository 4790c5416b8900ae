// What tests of chat over a whole node share.
#pragma once

#include "tests/core/node/node_harness.h"

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
    (void)QTest::qWaitFor([&] {
        const auto all = messages(node, of);
        if (!all.empty() && all.back().role == u"assistant" && all.back().status == status)
            found = all.back();
        return found.has_value();
    }, patienceMs);
    return found;
}

} // namespace muster::testing
