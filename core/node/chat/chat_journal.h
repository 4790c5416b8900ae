// StoreChatJournal: the chat's rows in the store, each change with its event in one transaction. A message
// that is not settled belongs to one process; those of a process that is proven dead are adopted by whoever
// asks for the rest first, so that two nodes on one store never send one message twice. Core thread.
#pragma once

#include "core/chat/chat_ports.h"
#include "core/node/events/ledger.h"

namespace muster {

class StoreChatJournal final : public ChatJournal {
public:
    // `owner`: this process, as leases name it.
    StoreChatJournal(Ledger &ledger, QString owner)
        : m_ledger(ledger)
        , m_owner(std::move(owner))
    {
    }

    QFuture<Result<MessageId>> addMessage(ConversationId conversation, PersonMessage message,
                                          qint64 nowMs) override;
    QFuture<Status> editQueued(MessageId id, QString text) override;
    QFuture<Status> removeQueued(MessageId id) override;
    QFuture<Result<MessageId>> beginTurn(ConversationId conversation, std::vector<MessageId> messages,
                                         qint64 nowMs) override;
    QFuture<Status> steered(MessageId id, MessageId assistant, qint64 nowMs) override;
    QFuture<Status> setText(MessageId assistant, QString text, QString thinking) override;
    QFuture<Status> settle(MessageId assistant, QString text, QString thinking, Settlement settlement,
                           qint64 nowMs) override;
    QFuture<Status> settleAsIs(SettleRow row, qint64 nowMs) override;
    // Only what nobody alive answers for; what this process works on is not part of it.
    QFuture<Result<ChatRest>> rest() override;
    QFuture<Result<TurnRequest>> lastRequest(ConversationId conversation) override;

private:
    Ledger &m_ledger;
    QString m_owner;
};

} // namespace muster
