#include "ui/dialogs/key_store_form.h"

#include "core/viewmodel/describe_keys.h"
#include "core/viewmodel/secret_list_model.h"
#include "ui/theme/metrics.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QLineEdit *hiddenLine(QWidget *parent)
{
    auto *line = new QLineEdit(parent);
    line->setEchoMode(QLineEdit::Password);
    return line;
}

} // namespace

KeyStoreForm::KeyStoreForm(SecretListModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_choice(new QComboBox(this))
    , m_opening(new QWidget(this))
    , m_label(new QLabel(tr("&Passphrase"), m_opening))
    , m_passphrase(hiddenLine(m_opening))
    , m_again(hiddenLine(m_opening))
    , m_unlock(new QPushButton(m_opening))
{
    for (const auto &store : {u"keychain"_s, u"ask"_s, u"file"_s})
        m_choice->addItem(describeKeyStore(store), store);
    m_choice->setAccessibleName(tr("Where keys are kept"));
    m_label->setBuddy(m_passphrase);
    m_passphrase->setAccessibleName(tr("Passphrase"));
    m_again->setAccessibleName(tr("Passphrase again"));
    m_again->setPlaceholderText(tr("The same again"));
    layOut();
    connect(m_choice, &QComboBox::activated, this,
            [this] { m_model->choose(m_choice->currentData().toString()); });
    for (QLineEdit *line : {m_passphrase, m_again}) {
        connect(line, &QLineEdit::textChanged, this, &KeyStoreForm::showWhetherFits);
        connect(line, &QLineEdit::returnPressed, this, &KeyStoreForm::unlock);
    }
    connect(m_unlock, &QPushButton::clicked, this, &KeyStoreForm::unlock);
    connect(m_model, &SecretListModel::storeChanged, this, &KeyStoreForm::showStore);
    connect(m_model, &SecretListModel::unlocked, m_passphrase, &QLineEdit::clear);
    connect(m_model, &SecretListModel::unlocked, m_again, &QLineEdit::clear);
    connect(m_model, &SecretListModel::refused, this, &KeyStoreForm::showWhetherFits);
    showStore();
}

void KeyStoreForm::layOut()
{
    auto *label = new QLabel(tr("Keep keys &in"), this);
    label->setBuddy(m_choice);
    auto *choosing = new QHBoxLayout;
    choosing->addWidget(label);
    choosing->addWidget(m_choice);
    choosing->addStretch(1);
    auto *opening = new QHBoxLayout(m_opening);
    opening->setContentsMargins(0, 0, 0, 0);
    opening->addWidget(m_label);
    opening->addWidget(m_passphrase, 1);
    opening->addWidget(m_again, 1);
    opening->addWidget(m_unlock);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    column->addLayout(choosing);
    column->addWidget(m_opening);
}

bool KeyStoreForm::isNew() const { return m_model->store().fileState == "none"_L1; }

void KeyStoreForm::showStore()
{
    const api::KeyStoreInfo &store = m_model->store();
    m_choice->setCurrentIndex(std::max(0, m_choice->findData(store.store)));
    m_choice->setEnabled(!store.isFixed);
    m_choice->setToolTip(store.isFixed ? tr("Set by the environment of the node (MUSTER_KEYS_STORE)")
                                       : tr("Counts for keys that are given from now on; the others stay "
                                            "where they are"));
    // One that is not there can be made only where it is wanted.
    const bool canOpen = isNew() ? store.store == "file"_L1 : store.fileState == "locked"_L1;
    m_opening->setVisible(store.fileIsUsed && canOpen);
    m_again->setVisible(isNew());
    m_passphrase->setPlaceholderText(isNew() ? tr("12 characters or more") : tr("Of the encrypted file"));
    m_unlock->setText(isNew() ? tr("Make the &file") : tr("&Unlock"));
    showWhetherFits();
}

void KeyStoreForm::showWhetherFits()
{
    const QString passphrase = m_passphrase->text();
    m_unlock->setEnabled(!passphrase.isEmpty() && (!isNew() || m_again->text() == passphrase));
}

// Takes a second: once is enough.
void KeyStoreForm::unlock()
{
    if (!m_unlock->isEnabled())
        return;
    m_unlock->setEnabled(false);
    m_model->unlock(m_passphrase->text());
}

} // namespace muster
