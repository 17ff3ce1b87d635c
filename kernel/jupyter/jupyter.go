// Package jupyter holds the messages of the Jupyter messaging protocol, version 5.5, as Go types, and turns them into
// signed lists of frames and back.
//
// Begin with ReadConnection, which reads the file the frontend left; its Signer decodes what arrives (Signer.Decode) and
// encodes what leaves (Signer.Encode). Message.Unmarshal gives the content of a message as one of the structs of this
// package, with the specification's defaults filled in; Origin.New and Origin.Reply make messages.
//
// It opens no sockets and reads no clock; package transport carries the frames.
//
// The specification is https://jupyter-client.readthedocs.io/en/latest/messaging.html; sections are quoted by title.
package jupyter

// Version is the version of the protocol that this package speaks: the "version" of every header made here.
const Version = "5.5"

// MsgType is the name of a kind of message: "msg_type" in its header.
type MsgType string

// The messages of protocol 5.5, by the channel they travel on.
const (
	// Shell (or control): request and reply.
	ExecuteRequestType    MsgType = "execute_request"
	ExecuteReplyType      MsgType = "execute_reply"
	InspectRequestType    MsgType = "inspect_request"
	InspectReplyType      MsgType = "inspect_reply"
	CompleteRequestType   MsgType = "complete_request"
	CompleteReplyType     MsgType = "complete_reply"
	HistoryRequestType    MsgType = "history_request"
	HistoryReplyType      MsgType = "history_reply"
	IsCompleteRequestType MsgType = "is_complete_request"
	IsCompleteReplyType   MsgType = "is_complete_reply"
	ConnectRequestType    MsgType = "connect_request" // deprecated since 5.1
	ConnectReplyType      MsgType = "connect_reply"
	CommInfoRequestType   MsgType = "comm_info_request"
	CommInfoReplyType     MsgType = "comm_info_reply"
	KernelInfoRequestType MsgType = "kernel_info_request"
	KernelInfoReplyType   MsgType = "kernel_info_reply"

	// Control.
	ShutdownRequestType       MsgType = "shutdown_request"
	ShutdownReplyType         MsgType = "shutdown_reply"
	InterruptRequestType      MsgType = "interrupt_request"
	InterruptReplyType        MsgType = "interrupt_reply"
	DebugRequestType          MsgType = "debug_request"
	DebugReplyType            MsgType = "debug_reply"
	CreateSubshellRequestType MsgType = "create_subshell_request"
	CreateSubshellReplyType   MsgType = "create_subshell_reply"
	DeleteSubshellRequestType MsgType = "delete_subshell_request"
	DeleteSubshellReplyType   MsgType = "delete_subshell_reply"
	ListSubshellRequestType   MsgType = "list_subshell_request"
	ListSubshellReplyType     MsgType = "list_subshell_reply"

	// IOPub: from the kernel to every frontend.
	IOPubWelcomeType      MsgType = "iopub_welcome"
	StatusType            MsgType = "status"
	ExecuteInputType      MsgType = "execute_input"
	ExecuteResultType     MsgType = "execute_result"
	StreamType            MsgType = "stream"
	DisplayDataType       MsgType = "display_data"
	UpdateDisplayDataType MsgType = "update_display_data"
	ClearOutputType       MsgType = "clear_output"
	ErrorType             MsgType = "error"
	DebugEventType        MsgType = "debug_event"

	// Comms: on shell from the frontend, on iopub from the kernel.
	CommOpenType  MsgType = "comm_open"
	CommMsgType   MsgType = "comm_msg"
	CommCloseType MsgType = "comm_close"

	// Stdin: the request comes from the kernel, the reply from the frontend.
	InputRequestType MsgType = "input_request"
	InputReplyType   MsgType = "input_reply"
)
