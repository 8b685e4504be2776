<?php
require 'vendor/autoload.php';

$webhook = new \StandardWebhooks\Webhook(getenv('WEBHOOK_SECRET'));
$body = file_get_contents('php://input');
$headers = array_change_key_case(getallheaders(), CASE_LOWER);
try {
    $event = $webhook->verify($body, $headers);
} catch (\StandardWebhooks\Exception\WebhookVerificationException $error) {
    http_response_code(401);
    exit;
}
error_log($headers['webhook-id'] . ' ' . $event['type'] . ' ' . $event['data']['id']);
http_response_code(204);
