//! The program behind the local load balancer, with a server of PostgreSQL that is started for it. Its process is frozen between
//! requests, as Lambda freezes it, and meanwhile its connection is lost.

mod program;
mod server;

use program::Program;
use server::Server;

const CONNECTIONS: &str = "SELECT pid FROM pg_stat_activity WHERE application_name = 'notes'";

/// A program that has a connection and is frozen, and the process of the server that the connection is with.
fn frozen(server: &Server) -> (Program, String) {
    let program = Program::start(&format!("{} application_name=notes", server.url()));
    assert_eq!(program.send("POST /notes", "text=milk"), (201, r#"{"id":1,"text":"milk"}"#.to_owned()));
    program.wait_until_frozen();
    let backend = server.ask(CONNECTIONS);
    assert!(backend.parse::<u32>().is_ok(), "one connection: {backend}");
    (program, backend)
}

#[test]
fn a_request_after_the_connection_was_closed_is_answered() {
    let server = Server::start();
    let (program, backend) = frozen(&server);
    let before = program.function();
    assert_eq!(server.ask(&format!("SELECT pg_terminate_backend({backend}, 10000)")), "t");
    assert_eq!(server.ask(CONNECTIONS), "");
    assert_eq!(program.send("GET /notes/1", ""), (200, r#"{"id":1,"text":"milk"}"#.to_owned()));
    assert_eq!(program.function(), before, "the same process has answered");
    assert_eq!(program.send("GET /notes/2", "").0, 404);
}

#[test]
fn a_request_over_a_connection_that_is_silent_is_answered() {
    let server = Server::start();
    let (program, backend) = frozen(&server);
    let before = program.function();
    // Nobody closes it, and nobody answers: as behind a firewall that has forgotten the connection.
    server::signal("STOP", &backend);
    let reply = program.send("GET /notes/1", "");
    server::signal("CONT", &backend);
    assert_eq!(reply, (200, r#"{"id":1,"text":"milk"}"#.to_owned()));
    assert_eq!(program.function(), before, "the same process has answered");
}
